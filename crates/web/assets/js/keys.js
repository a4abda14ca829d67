/* Keyboard. Single letters rest while typing, in dialogs, and when switched off in the profile. */
(() => {
  'use strict';
  const kith = window.kith;
  const typing = el => el.closest?.('input, textarea, select, [contenteditable]');
  const shown = el => el && el.getClientRects().length > 0;
  let leadAt = -Infinity;

  const rows = () => kith.all('[data-row]').filter(shown);
  const step = by => {
    const all = rows();
    if (!all.length) return;
    const now = all.indexOf(document.activeElement?.closest('[data-row]'));
    const next = all[Math.max(0, Math.min(all.length - 1, now + by))];
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  };
  const press = el => {
    if (!shown(el)) return false;
    if (el.matches('input, textarea')) el.focus();
    else el.click();
    return true;
  };

  document.addEventListener('keydown', event => {
    const key = event.key.toLowerCase(), command = event.metaKey || event.ctrlKey, target = event.target;
    if (command && key === '.') { event.preventDefault(); kith.prefer('theme', kith.dark() ? 'light' : 'dark'); return; }
    if (command && key === 'enter' && target.form) { event.preventDefault(); target.form.requestSubmit(); return; }
    if (command && key === 'z' && !typing(target)) {
      const undo = document.querySelector('form[data-undo]');
      if (undo) { event.preventDefault(); undo.requestSubmit(); }
      return;
    }
    // What lies over the page closes by itself, and gives the focus back only when it still has it.
    if (key === 'escape' && typing(target)) { if (!target.closest('[popover], dialog')) target.blur(); return; }
    if (command || event.altKey || typing(target)) return;
    if (document.documentElement.dataset.shortcuts === 'off' || document.querySelector('dialog[open]')) return;

    const row = target.closest?.('[data-row]');
    if (key === 'enter' && row === target) {
      const href = row.dataset.href || row.querySelector('a[href]')?.href;
      if (href) kith.visit(href);
      return;
    }
    if (event.key === '?') { document.getElementById('shortcuts')?.togglePopover(); return; }
    if (key === '/') {
      const search = kith.all('[data-search]').find(shown) || document.querySelector('.find-form input');
      if (search) { event.preventDefault(); search.focus(); search.select?.(); }
      return;
    }
    if (key === 'g') { leadAt = event.timeStamp; return; }
    if (event.timeStamp - leadAt < 1200) {
      leadAt = -Infinity;
      const place = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
      if (place) { event.preventDefault(); kith.visit(place.href); }
      return;
    }
    if (key === 'j' || key === 'k') { event.preventDefault(); step(key === 'j' ? 1 : -1); return; }
    const keyed = kith.all(`[data-key="${CSS.escape(key)}"]`).find(shown);
    if (keyed && press(keyed)) { event.preventDefault(); return; }
    if (key === 'c') {
      const make = document.querySelector('[data-href$="/new"]');
      if (make) { event.preventDefault(); kith.visit(make.dataset.href); }
    }
  });
})();
