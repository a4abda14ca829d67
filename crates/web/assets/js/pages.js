/* Page behaviour. Everything here is an enhancement: links, forms and popovers work from HTML alone. */
(() => {
  'use strict';
  const root = document.documentElement;
  const kith = (window.kith = {});
  kith.all = (selector, within = document) => [...within.querySelectorAll(selector)];

  /* Turbo's own progress bar brings a style sheet that the content security policy refuses;
     base.css draws one from html[aria-busy] instead. */
  if (window.Turbo) Turbo.config.drive.progressBarDelay = 2 ** 30;

  /* Colours and row height: the server reads the same cookies, so that no page flickers. */
  kith.prefer = (name, value) => {
    document.cookie = `kith-${name}=${value}; path=/; max-age=31536000; samesite=lax`;
    if (name === 'theme' && value === 'system') delete root.dataset.theme;
    else root.dataset[name] = value;
    for (const b of kith.all(`[data-preferences] button[name="${name}"]`)) b.setAttribute('aria-pressed', b.value === value);
  };
  document.addEventListener('submit', event => {
    const form = event.target, button = event.submitter;
    if (!form.matches('[data-preferences]') || !button?.name) return;
    event.preventDefault();
    kith.prefer(button.name, button.value);
  });
  kith.dark = () => root.dataset.theme === 'dark' || (!root.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches);

  /* A form is sent once: a second press while the first is under way does nothing. The button is not switched
     off for that, because a button that is off loses the focus. */
  if (window.Turbo) Turbo.config.forms.submitter = 'aria-disabled';

  /* Half-typed text survives a refresh: morphing leaves the values of focused and changed inputs, and open popovers,
     alone. Their other attributes change, so that a refused form can mark them. */
  const dirty = new WeakSet();
  document.addEventListener('input', event => dirty.add(event.target));
  document.addEventListener('turbo:submit-end', event => {
    refused = !event.detail.success;
    if (refused) return;
    const form = event.target;
    for (const input of form.elements || []) dirty.delete(input);
    // What was sent is no draft any more, also when the cursor is still in it; and what it was sent from closes.
    if (form.matches('[data-tab]')) form.reset();
    form.closest('[popover]:popover-open')?.hidePopover();
  });
  let refused = false;
  document.addEventListener('turbo:render', () => {
    if (refused) document.querySelector('[aria-invalid]')?.focus();
    refused = false;
  });
  const typing = el => el && (el === document.activeElement || dirty.has(el));
  document.addEventListener('turbo:before-morph-element', event => {
    const el = event.target;
    const open = el.matches('[popover]:popover-open, dialog[open]');
    const drawn = el.matches('.plot, [data-tabs]') && el.firstElementChild;
    if (open || drawn) event.preventDefault();
  });
  document.addEventListener('turbo:before-morph-attribute', event => {
    const { attributeName } = event.detail, held = event.target.closest('select') || event.target;
    if (['value', 'checked', 'selected'].includes(attributeName) && typing(held)) event.preventDefault();
    if (event.target.matches('details') && attributeName === 'open') event.preventDefault();
    if (event.target.matches('[data-tab]') && ['hidden', 'id'].includes(attributeName)) event.preventDefault();
    if (event.target === root && ['data-theme', 'data-density'].includes(attributeName)) event.preventDefault();
  });

  /* Leaving a form with unsaved words asks first, once. */
  const unsaved = () => kith.all('form[data-keep]').some(f => [...f.elements].some(e => dirty.has(e)));
  addEventListener('beforeunload', event => { if (unsaved()) event.preventDefault(); });
  let sending = false;
  document.addEventListener('turbo:submit-start', () => { sending = true; });
  document.addEventListener('turbo:load', () => { sending = false; });
  document.addEventListener('turbo:before-visit', event => {
    if (!sending && unsaved() && !confirm('Leave without saving what you typed?')) event.preventDefault();
  });

  /* Panes scroll inside the page, so Back has to be told where they were. */
  const scrolled = new Map();
  const panes = () => kith.all('.scroll, .table-wrap, .record-scroll, .pane, .board');
  document.addEventListener('turbo:before-cache', () => {
    scrolled.set(location.href, panes().map(p => [p.scrollTop, p.scrollLeft]));
  });
  let restoring = false;
  document.addEventListener('turbo:visit', event => { restoring = event.detail.action === 'restore'; });
  document.addEventListener('turbo:load', () => {
    const places = restoring && scrolled.get(location.href);
    if (places) panes().forEach((p, n) => places[n] && p.scrollTo(places[n][1], places[n][0]));
  });

  /* A whole row opens its record, except where something else is pressed or words are selected. */
  document.addEventListener('click', event => {
    const row = event.target.closest('[data-row][data-href]');
    if (!row || event.target.closest('a, button, input, select, label, summary, form, [popover]')) return;
    if (String(getSelection())) return;
    if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, '_blank', 'noopener');
    else kith.visit(row.dataset.href);
  });
  kith.visit = href => (window.Turbo ? Turbo.visit(href) : location.assign(href));

  /* Popovers beside their button, where the browser cannot anchor them itself. */
  if (!CSS.supports('position-area', 'block-end')) document.addEventListener('toggle', event => {
    const pop = event.target;
    if (!pop.matches?.('.pop:not(.sheet-pop)') || event.newState !== 'open' || innerWidth < 768 && !pop.matches('.menu')) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(pop.id)}"]`);
    if (!button) return;
    const at = button.getBoundingClientRect();
    const start = Math.max(8, Math.min(at.left, innerWidth - pop.offsetWidth - 8));
    const under = at.bottom + pop.offsetHeight + 12 < innerHeight ? at.bottom : Math.max(8, at.top - pop.offsetHeight - 12);
    Object.assign(pop.style, { position: 'fixed', margin: '6px 0', top: `${under}px`, left: `${start}px`, right: 'auto', bottom: 'auto' });
  }, true);
})();
