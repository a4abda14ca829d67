/* Search palette: places and things to make from the page, records from /search.json. */
(() => {
  'use strict';
  const kith = window.kith;

  /* Asks the server; answers [] when it cannot. */
  kith.search = async (words, object, signal) => {
    const query = new URLSearchParams({ q: words });
    if (object) query.set('object', object);
    try {
      const answer = await fetch(`/search.json?${query}`, { signal, headers: { accept: 'application/json' } });
      return answer.ok ? (await answer.json()).results : [];
    } catch { return []; }
  };
  const icon = name => {
    const use = document.querySelector('svg.ico use')?.getAttribute('href').split('#')[0] || '';
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'ico');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'use'));
    svg.firstChild.setAttribute('href', `${use}#i-${name}`);
    return svg;
  };

  class Palette extends HTMLElement {
    connectedCallback() {
      this.dialog = this.querySelector('dialog');
      this.input = this.querySelector('input');
      this.found = this.querySelector('[data-found]');
      this.stop = new AbortController();
      const on = (to, kind, act) => to.addEventListener(kind, act, { signal: this.stop.signal });
      on(document, 'keydown', e => {
        if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'k') { e.preventDefault(); this.open(); }
      });
      // The box in the rail leads here when it is pressed or typed into, not when Tab only passes it.
      const box = target => target.matches?.('[data-palette] input');
      on(document, 'click', e => { if (box(e.target)) this.open(); });
      on(document, 'input', e => { if (box(e.target)) { this.open(e.target.value); e.target.value = ''; } });
      on(this.input, 'input', () => this.narrow());
      on(this, 'keydown', e => this.key(e));
      on(this, 'click', e => {
        const option = e.target.closest('[data-href]');
        if (option) this.go(option);
        else if (e.target === this.dialog) this.dialog.close();
      });
    }
    disconnectedCallback() { this.stop?.abort(); }

    open(words = '') {
      if (this.dialog.open) return;
      kith.all('[popover]:popover-open').forEach(p => p.hidePopover());
      this.input.value = words;
      this.dialog.showModal();
      this.input.focus();
      this.narrow();
    }
    options() { return kith.all('[role=option]', this).filter(o => !o.hidden && !o.parentElement.hidden); }
    mark(option) {
      for (const o of kith.all('[role=option]', this)) o.setAttribute('aria-selected', o === option);
      if (option) { this.input.setAttribute('aria-activedescendant', option.id); option.scrollIntoView({ block: 'nearest' }); }
      else this.input.removeAttribute('aria-activedescendant');
    }
    narrow() {
      const words = this.input.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const group of kith.all('[role=group]:not([data-found])', this)) {
        let any = false;
        for (const o of kith.all('[role=option]', group)) {
          o.hidden = !words.every(w => o.textContent.toLowerCase().includes(w));
          any ||= !o.hidden;
        }
        group.hidden = !any;
      }
      clearTimeout(this.wait);
      this.asking?.abort();
      if (words.join('').length < 2) { this.found.hidden = true; this.found.replaceChildren(); }
      else this.wait = setTimeout(() => this.ask(), 120);
      this.mark(this.options()[0]);
    }
    async ask() {
      this.asking = new AbortController();
      const { signal } = this.asking;
      const hits = await kith.search(this.input.value, null, signal);
      if (signal.aborted) return;
      let group = '';
      this.found.replaceChildren(...hits.flatMap((hit, n) => {
        const row = document.createElement('div');
        row.id = `pal-hit-${n}`;
        row.setAttribute('role', 'option');
        row.dataset.href = hit.href;
        const name = document.createElement('bdi'), detail = document.createElement('span');
        name.textContent = hit.name;
        detail.textContent = hit.detail;
        detail.className = 'd';
        row.append(icon(hit.icon), name, detail);
        if (hit.group === group) return [row];
        group = hit.group;
        const head = document.createElement('div');
        head.className = 'pal-h';
        head.setAttribute('aria-hidden', 'true');
        head.textContent = group;
        return [head, row];
      }));
      this.found.hidden = !hits.length;
      this.mark(this.options()[0]);
    }
    key(event) {
      const all = this.options(), now = all.findIndex(o => o.getAttribute('aria-selected') === 'true');
      if (event.key === 'ArrowDown') this.mark(all[Math.min(now + 1, all.length - 1)]);
      else if (event.key === 'ArrowUp') this.mark(all[Math.max(now - 1, 0)]);
      else if (event.key === 'Enter' && all[now]) this.go(all[now]);
      else return;
      event.preventDefault();
    }
    go(option) { this.dialog.close(); kith.visit(option.dataset.href); }
  }
  customElements.define('kith-palette', Palette);
})();
