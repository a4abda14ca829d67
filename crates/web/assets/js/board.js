/* Board: cards are dragged between stages, or moved with Shift and the arrow keys.
   A move posts the same form that the card's "Move to" menu has. */
(() => {
  'use strict';
  class Board extends HTMLElement {
    connectedCallback() {
      this.stop = new AbortController();
      const on = (kind, act) => this.addEventListener(kind, act, { signal: this.stop.signal });
      this.drop = document.createElement('li');
      this.drop.className = 'drop';
      this.drop.setAttribute('aria-hidden', 'true');
      on('dragstart', e => this.lift(e));
      on('dragover', e => this.over(e));
      on('dragleave', e => { if (!this.contains(e.relatedTarget)) this.drop.remove(); });
      on('drop', e => this.land(e));
      on('dragend', () => this.end());
      on('keydown', e => this.key(e));
      document.addEventListener('turbo:load', () => this.settled(), { signal: this.stop.signal });
      document.addEventListener('turbo:submit-end', e => { if (!e.detail.success) this.settled(); }, { signal: this.stop.signal });
    }
    disconnectedCallback() { this.stop?.abort(); this.drop?.remove(); }

    lift(event) {
      this.card = event.target.closest('[data-move]');
      if (!this.card) return;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', this.card.id);
      requestAnimationFrame(() => this.card?.classList.add('dragging'));
    }
    over(event) {
      const stage = this.card && event.target.closest('[data-stage]');
      if (!stage) return;
      event.preventDefault();
      const list = stage.querySelector('ul');
      if (stage === this.card.closest('[data-stage]')) this.drop.remove();
      else if (this.drop.parentElement !== list) list.prepend(this.drop);
    }
    land(event) {
      const stage = this.card && event.target.closest('[data-stage]');
      if (!stage) return;
      event.preventDefault();
      this.move(this.card, stage);
    }
    end() { this.card?.classList.remove('dragging'); this.card = null; this.drop.remove(); }
    key(event) {
      const card = event.target.closest('[data-move]');
      if (!card || event.target !== card || !event.shiftKey || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
      const stages = [...this.querySelectorAll('[data-stage]')];
      const forward = (event.key === 'ArrowRight') !== (getComputedStyle(this).direction === 'rtl');
      const next = stages[stages.indexOf(card.closest('[data-stage]')) + (forward ? 1 : -1)];
      if (next) { event.preventDefault(); this.move(card, next); }
    }
    /* Shows the move at once; the answer's page is the truth, also when it was refused. */
    move(card, stage) {
      if (stage === card.closest('[data-stage]')) return;
      const list = stage.querySelector('ul');
      // A second move before the first is answered would carry an old version; it waits.
      if (this.under) { this.next = [card.id, stage.dataset.stage]; list.prepend(card); card.focus(); return; }
      this.under = true;
      const form = document.createElement('form');
      form.method = 'post';
      form.action = card.dataset.move;
      form.hidden = true;
      for (const [name, value] of [['stage', stage.dataset.stage], ['version', card.dataset.version], ['return_to', location.pathname + location.search]]) {
        const input = document.createElement('input');
        Object.assign(input, { type: 'hidden', name, value });
        form.append(input);
      }
      this.after(form);
      list.prepend(card);
      card.focus();
      form.requestSubmit();
    }
    settled() {
      const [id, value] = this.next || [];
      this.under = false;
      this.next = null;
      const card = id && document.getElementById(id), stage = value && this.querySelector(`[data-stage="${CSS.escape(value)}"]`);
      if (card && stage) this.move(card, stage);
    }
  }
  customElements.define('kith-board', Board);
})();
