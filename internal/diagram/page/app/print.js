// Printed, the picture stands still: all of it, as large as the page has room for, with the legend and the
// findings below.
function preparePrint() {
  if (!shown || shown.printed) return;
  const b = grown(wholeOf(shown), 10);
  shown.printed = true;
  shown.svg.setAttribute('viewBox', `${b.x} ${b.y} ${b.width} ${b.height}`);
  shown.svg.style.setProperty('--widest', `${Math.ceil(b.width * 1.4)}px`);
  shown.world.removeAttribute('transform');
  shown.world.style.setProperty('--sign', '1');
  shown.world.style.setProperty('--mark', '1');
  drawLegend({ failures: anyFailure(), findings: state.marks });
  const withPanel = document.body.classList.contains('with-panel');
  const listed = withPanel && leaf === 'findings';
  byID('panel').classList.toggle('printed', listed || (withPanel && (leaf === 'failures' ? anyFailure() : state.module >= 0 || state.journey >= 0)));
  byID('printed-findings').replaceChildren();
  if (state.marks && !listed && design.findings.length > 0) {
    byID('printed-findings').append(element('h2', { text: 'Findings' }), element('ul', { class: 'findings' }, design.findings.map((_, i) => findingItem(i))));
  }
}

function endPrint() {
  for (const p of [...pictures.values(), shown]) {
    if (!p?.printed) continue;
    p.printed = false;
    p.svg.removeAttribute('viewBox');
  }
  byID('printed-findings').replaceChildren();
  drawLegend();
  viewport.apply();
}

function listenToPrinting() {
  window.addEventListener('beforeprint', preparePrint);
  window.addEventListener('afterprint', endPrint);
  const printed = window.matchMedia('print');
  printed.addEventListener('change', () => (printed.matches ? preparePrint() : endPrint()));
}
