// The search finds modules by name, kind, team, group, layer, tag and technology.
const haystacks = design.modules.map((m) => ({
  name: m.name.toLowerCase(),
  rest: [m.kind, m.team, m.group, m.layer, ...(m.tags ?? []), ...(m.facts ?? []).filter(([l]) => l === 'Technology').map(([, v]) => v)].filter(Boolean).join('\n').toLowerCase(),
}));

// find lists the modules that every word of the query fits, those first whose name fits best.
function find(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return design.modules.map((_, i) => i).slice(0, 50);
  const found = [];
  haystacks.forEach((h, i) => {
    let score = 0;
    for (const w of words) {
      const at = h.name.indexOf(w);
      if (h.name === w) score += 0;
      else if (at === 0) score += 1;
      else if (at > 0) score += 2;
      else if (h.rest.includes(w)) score += 4;
      else return;
    }
    found.push([score, i]);
  });
  return found
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .slice(0, 50)
    .map(([, i]) => i);
}

const searchBox = {
  active: 0,
  found: [],
  open() {
    const dialog = byID('search');
    if (dialog.open) return;
    dialog.showModal();
    byID('query').value = '';
    this.update();
    byID('query').focus();
  },
  update() {
    this.found = find(byID('query').value);
    this.active = 0;
    byID('results').replaceChildren(
      ...this.found.map((m, i) => {
        const { name, kind, team, group } = design.modules[m];
        return element(
          'li',
          { role: 'option', id: `result-${i}`, 'data-result': i, onclick: () => this.go(i) },
          nameElement(name),
          element('small', { text: [kind, group, team].filter(Boolean).join(' · ') }),
        );
      }),
    );
    byID('found').textContent = this.found.length === 0 ? 'Nothing found' : this.found.length === 50 ? 'The first 50' : `${this.found.length} found`;
    this.mark();
  },
  mark() {
    for (const e of byID('results').children) e.setAttribute('aria-selected', String(Number(e.dataset.result) === this.active));
    const chosen = byID(`result-${this.active}`);
    byID('query').setAttribute('aria-activedescendant', chosen ? chosen.id : '');
    chosen?.scrollIntoView({ block: 'nearest' });
  },
  go(i) {
    const m = this.found[i];
    if (m === undefined) return;
    byID('search').close();
    goToModule(m, true);
  },
  listen() {
    byID('query').addEventListener('input', () => this.update());
    byID('query').addEventListener('keydown', (e) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (step && this.found.length > 0) {
        this.active = (this.active + step + this.found.length) % this.found.length;
        this.mark();
        e.preventDefault();
      } else if (e.key === 'Enter') {
        e.preventDefault();
        this.go(this.active);
      } else if (e.key === 'Escape') {
        e.preventDefault(); // a search field would only be emptied
        byID('search').close();
      }
    });
    byID('search').addEventListener('click', (e) => {
      if (e.target === byID('search')) byID('search').close();
    });
  },
};
