use testkit::both;

#[test]
fn a_name_is_found_by_the_beginning_of_any_of_its_words_in_any_order_and_case() {
    both(|w| {
        w.contact("Anna Maria Schmidt");
        for words in ["an", "ANNA", "schm", "maria", "schmidt anna", "ma sch"] {
            assert_eq!(w.search(words), ["Anna Maria Schmidt"], "{words}");
        }
        for words in ["a", "nna", "chmidt", "anna müller", ""] {
            assert_eq!(w.search(words), [""; 0], "{words}");
        }
    });
}

#[test]
fn accents_and_special_letters_do_not_matter() {
    both(|w| {
        let names = [
            "Zoë Müller",
            "Øystein Ångström",
            "Łukasz Żółć",
            "François Lefèvre",
            "Nguyễn Thị Hà",
            "Straße & Co",
            "Çağla Işık",
        ];
        for name in names {
            w.contact(name);
        }
        let asked = [
            "zoe", "muller", "MÜLLER", "oystein", "angstrom", "lukasz", "zolc", "francois", "nguyen",
            "strasse", "cagla", "isik",
        ];
        let found: Vec<String> = asked.iter().map(|words| w.search(words).join(", ")).collect();
        let expected = [
            names[0], names[0], names[0], names[1], names[1], names[2], names[2], names[3], names[4],
            names[5], names[6], names[6],
        ];
        assert_eq!(found, expected);
    });
}

#[test]
fn names_in_other_scripts_are_found() {
    both(|w| {
        let names = [
            ("Дмитрий Иванов", "дмит"),
            ("Ελένη Παπαδοπούλου", "ελενη"),
            ("محمد علی", "محم"),
            ("דוד כהן", "כהן"),
            ("王小明", "王小"),
            ("田中さくら", "田中"),
            ("김민준", "김민"),
            ("प्रिया शर्मा", "शर्मा"),
            ("สมชาย ใจดี", "สมชาย"),
            ("თამარ ბერიძე", "თამა"),
            ("Արմեն Սարգսյան", "արմեն"),
            ("𞤀𞤣𞤢𞤥 Bah", "𞤀𞤣"),
        ];
        for (name, _) in names {
            w.contact(name);
        }
        for (name, asked) in names {
            assert_eq!(w.search(asked), [name], "{asked}");
        }
    });
}

#[test]
fn a_phone_number_is_found_in_any_format() {
    both(|w| {
        w.create("contacts", &[("name", "Ana"), ("phone", "+49 (0)30 / 1234-567")]);
        w.create("contacts", &[("name", "Ben"), ("phone", "0151 555 0199")]);
        for asked in ["1234567", "123 45 67", "30 1234", "(0)30/1234-567", "234567"] {
            assert_eq!(w.search(asked), ["Ana"], "{asked}");
        }
        for asked in ["01515550199", "0151-555", "5550199", "151 555 01 99"] {
            assert_eq!(w.search(asked), ["Ben"], "{asked}");
        }
        assert_eq!(w.search("999888"), [""; 0]);
    });
}

#[test]
fn an_address_is_found_by_any_part_of_it() {
    both(|w| {
        w.create("contacts", &[("name", "Ana"), ("email", "Ana.Silva_99@Mail-Host.example.com")]);
        for asked in
            ["ana.silva", "silva", "a.sil", "99@mail", "mail-host", "host.example", "example.com", "VA_99@"]
        {
            assert_eq!(w.search(asked), ["Ana"], "{asked}");
        }
        for asked in ["anaXsilva", "a%s.l", "ana.silva@other"] {
            assert_eq!(w.search(asked), [""; 0], "{asked}");
        }
    });
}

#[test]
fn quotes_operators_and_oddities_are_harmless() {
    both(|w| {
        w.contact("O'Brien");
        w.contact("Robert'); DROP TABLE parties;--");
        w.contact("AND OR NOT NEAR");
        w.contact("a\u{1f150}b \u{1f1e9}\u{1f1ea} 🦀");
        let asked = [
            "\"",
            "''",
            "\"\"",
            "o'brien",
            "o\"brien",
            "* *",
            "and",
            "and or",
            "NOT near",
            "near(a b)",
            "a:b",
            "words:an",
            "^ana",
            "-ana",
            "(",
            "()",
            "a OR",
            "{a b}",
            "a + b",
            "\\",
            "\\'",
            "%",
            "%%%",
            "___",
            "a_b@c%",
            "💥💥",
            "a\u{1f150}b",
            "🦀",
            "\u{0}",
            "a\0b@c",
            "\u{200f}",
            "\u{fdfa}",
            ":* & !",
            "'x':*",
            "a & b | !c",
            "<->",
            "\u{301}\u{301}",
            "½",
            "Ⅷ",
            "a\u{1f170}b",
            "ﬁ",
        ];
        for words in asked {
            w.search(words);
        }
        for long in [
            "x".repeat(5_000),
            "\u{fdfa}".repeat(300),
            "㌀".repeat(300),
            "@".repeat(300),
            "a ".repeat(300),
            "9".repeat(300),
        ] {
            w.search(&long);
        }
        assert_eq!(w.search("o'brien"), ["O'Brien"]);
        assert_eq!(w.search("drop table"), ["Robert'); DROP TABLE parties;--"]);
        assert_eq!(w.search("and or"), ["AND OR NOT NEAR"]);
        assert_eq!(w.search("a\u{1f150}b"), ["a\u{1f150}b \u{1f1e9}\u{1f1ea} 🦀"]);
    });
}

#[test]
fn the_best_comes_first() {
    both(|w| {
        w.contact("Silvana Ana");
        w.contact("Anabel");
        w.contact("Ana");
        w.company("Ana & Sons");
        w.create("contacts", &[("name", "Zed"), ("city", "Anaheim")]);
        assert_eq!(w.search("ana"), ["Ana", "Anabel", "Ana & Sons", "Silvana Ana", "Zed"]);
    });
}

#[test]
fn a_changed_name_is_found_and_the_old_one_is_not() {
    both(|w| {
        let ana = w.create("contacts", &[("name", "Ana Silva"), ("email", "ana@example.com")]);
        w.change("contacts", ana, &[("name", "Ana Costa"), ("email", "")]);
        assert_eq!(w.search("costa"), ["Ana Costa"]);
        assert_eq!((w.search("silva"), w.search("ana@example")), (vec![], vec![]));
        w.change("contacts", ana, &[("job_title", "Boss")]);
        assert_eq!(w.search("costa"), ["Ana Costa"]);
    });
}

#[test]
fn a_list_is_searched_and_filtered_at_once() {
    both(|w| {
        w.create("contacts", &[("name", "Ana"), ("city", "Lisbon")]);
        w.create("contacts", &[("name", "Anabel"), ("city", "Porto")]);
        let ctx = w.ctx();
        let contacts = ctx.catalogue.need("contacts").unwrap();
        let query = kernel::ListQuery {
            filter: Some(kernel::filter::parse("city = porto").unwrap()),
            search: Some("an".into()),
            limit: 10,
            ..Default::default()
        };
        let found = w.read(|tx| kernel::list(tx, &ctx, contacts, &query));
        assert_eq!(found.records.iter().map(|r| r.text("name")).collect::<Vec<_>>(), ["Anabel"]);
    });
}
