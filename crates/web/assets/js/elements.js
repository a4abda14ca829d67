/* Small custom elements: toast, tabs over forms, filter form, link picker, progress, dropped files, copying. */
(() => {
  'use strict';
  const kith = window.kith;
  /* `on` sets the element up and may return what to do again after the page was morphed around it. */
  const define = (name, on, off) => customElements.define(name, class extends HTMLElement {
    connectedCallback() {
      this.again = on.call(this);
      if (this.again) document.addEventListener('turbo:morph', this.again);
    }
    disconnectedCallback() {
      if (this.again) document.removeEventListener('turbo:morph', this.again);
      off?.call(this);
    }
  });

  /* A message leaves after eight seconds, one about a failure after thirty, unless it is being read. */
  define('kith-toast', function () {
    const stay = this.classList.contains('failed') ? 30_000 : 8000;
    const leave = () => { this.timer = setTimeout(() => (this.matches(':hover, :focus-within') ? leave() : this.remove()), stay); };
    leave();
    return () => { clearTimeout(this.timer); leave(); };
  }, function () { clearTimeout(this.timer); });

  /* Forms one under the other become tabs. */
  define('kith-tabs', function () {
    const forms = kith.all('[data-tab]', this), bar = this.querySelector('[data-tabs]');
    if (forms.length < 2 || bar.childElementCount) return;
    bar.setAttribute('role', 'tablist');
    const sprite = this.querySelector('svg.ico use') || document.querySelector('svg.ico use');
    const pick = (form, focus) => forms.forEach((other, n) => {
      const on = other === form, tab = bar.children[n];
      other.hidden = !on;
      tab.setAttribute('aria-selected', on);
      tab.tabIndex = on ? 0 : -1;
      if (on && focus) other.querySelector('textarea, input:not([type=hidden])')?.focus();
    });
    bar.append(...forms.map((form, n) => {
      const tab = document.createElement('button');
      form.id ||= `${this.id}-${n}`;
      Object.assign(tab, { type: 'button', textContent: form.dataset.tab });
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', form.id);
      tab.dataset.key = form.dataset.key;
      const svg = sprite?.closest('svg').cloneNode(true);
      if (svg) {
        svg.querySelector('use').setAttribute('href', `${sprite.getAttribute('href').split('#')[0]}#i-${form.dataset.icon}`);
        tab.prepend(svg);
      }
      tab.addEventListener('click', () => pick(form, true));
      tab.addEventListener('keydown', e => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key] * (getComputedStyle(bar).direction === 'rtl' ? -1 : 1);
        if (by) { const next = (n + by + forms.length) % forms.length; pick(forms[next]); bar.children[next].focus(); }
      });
      return tab;
    }));
    bar.hidden = false;
    pick(forms[0]);
  });

  /* Offers only operators and values that fit the chosen field. */
  define('kith-filter', function () {
    const field = this.querySelector('[name=add_field]'), op = this.querySelector('[name=add_op]');
    const box = this.querySelector('[data-value]'), value = box.querySelector('input'), list = box.querySelector('datalist');
    const values = [...list.children];
    const fit = () => {
      const chosen = field.selectedOptions[0], kind = chosen?.dataset.kind || '';
      for (const o of op.options) o.hidden = o.disabled = !o.dataset.kinds.split(' ').includes(kind);
      if (op.selectedOptions[0]?.disabled) op.selectedIndex = [...op.options].findIndex(o => !o.disabled);
      box.hidden = 'bare' in (op.selectedOptions[0]?.dataset || {});
      value.type = { date: 'date', time: 'datetime-local' }[kind] || 'text';
      value.inputMode = ['number', 'money'].includes(kind) ? 'decimal' : 'text';
      list.replaceChildren(...values.filter(v => v.dataset.field === field.value));
    };
    this.addEventListener('change', fit);
    fit();
    return fit;
  });

  /* Suggests records while a name is typed. */
  define('kith-link', function () {
    const input = this.querySelector('input'), list = this.querySelector('datalist');
    this.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.asking?.abort();
      if (input.value.length < 2 || /#\d+$/.test(input.value)) return;
      this.timer = setTimeout(async () => {
        this.asking = new AbortController();
        const { signal } = this.asking;
        const hits = await kith.search(input.value, this.getAttribute('object'), signal);
        if (!signal.aborted) list.replaceChildren(...hits.map(hit => new Option('', hit.value)));
      }, 150);
    });
  }, function () { clearTimeout(this.timer); this.asking?.abort(); });

  /* Asks how far the work is, slower while nothing moves, and goes on when it is done. */
  define('kith-progress', function () {
    const bar = this.querySelector('[role=progressbar]'), text = this.querySelector('[data-text]');
    let wait = 700;
    const ask = async () => {
      try {
        const state = await (await fetch(this.getAttribute('poll'), { headers: { accept: 'application/json' } })).json();
        if (!this.isConnected) return;
        if (state.finished) { window.Turbo ? Turbo.visit(state.href, { action: 'replace' }) : location.replace(state.href); return; }
        const percent = state.total ? Math.floor(state.done * 100 / state.total) : 0;
        wait = String(percent) === bar.getAttribute('aria-valuenow') ? Math.min(wait * 1.5, 5000) : 700;
        bar.setAttribute('aria-valuenow', percent);
        bar.style.setProperty('--v', percent);
        text.textContent = state.text;
      } catch { wait = 5000; }
      this.timer = setTimeout(ask, wait);
    };
    this.timer = setTimeout(ask, wait);
  }, function () { clearTimeout(this.timer); });

  /* A file may be dropped anywhere on the box. */
  define('kith-drop', function () {
    const input = this.querySelector('input[type=file]');
    const mark = on => this.toggleAttribute('over', on);
    this.addEventListener('dragover', e => { e.preventDefault(); mark(true); });
    this.addEventListener('dragleave', () => mark(false));
    this.addEventListener('drop', e => { e.preventDefault(); mark(false); if (e.dataTransfer.files.length) input.files = e.dataTransfer.files; });
  });

  /* A secret is copied at one press. */
  define('kith-copy', function () {
    const input = this.querySelector('input'), button = this.querySelector('button');
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener('click', async () => { await navigator.clipboard.writeText(input.value); button.lastChild.textContent = 'Copied'; });
  });
})();
