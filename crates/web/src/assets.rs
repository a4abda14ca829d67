//! Style sheets, scripts, fonts and icons, built into the program.
