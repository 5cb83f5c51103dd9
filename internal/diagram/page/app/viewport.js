// The viewport moves and scales the picture that is shown: by drag, wheel, pinch, keys and buttons.
const smallestScale = 0.02;
const largestScale = 8;

// newViewport works on canvas, the element around the pictures; current gives the picture that is shown,
// with its place {x, y, scale}.
function newViewport(canvas, current) {
  const apply = () => {
    const p = current();
    if (!p) return;
    p.world.setAttribute('transform', `translate(${p.place.x} ${p.place.y}) scale(${p.place.scale})`);
    // Signs keep a size that can be seen, and read, on the screen: not below and not far above their own.
    const seen = Math.min(1.25, Math.max(0.75, p.place.scale));
    p.world.style.setProperty('--sign', Math.min(3.5, seen / p.place.scale).toFixed(2));
    p.world.style.setProperty('--mark', Math.min(1.8, seen / p.place.scale).toFixed(2));
  };

  function zoomAt(x, y, factor) {
    const { place } = current();
    current().fitted = false;
    const scale = Math.min(largestScale, Math.max(smallestScale, place.scale * factor));
    place.x = x - ((x - place.x) * scale) / place.scale;
    place.y = y - ((y - place.y) * scale) / place.scale;
    place.scale = scale;
    apply();
  }

  const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });

  function zoom(factor) {
    const { width, height } = size();
    zoomAt(width / 2, height / 2, factor);
  }

  function pan(dx, dy) {
    const { place } = current();
    current().fitted = false;
    place.x += dx;
    place.y += dy;
    apply();
  }

  // show brings a box of the picture into the middle, not larger than most.
  function show(box, most) {
    const { width, height } = size();
    if (width === 0 || box.width <= 0 || box.height <= 0) return;
    const margin = Math.min(32, width / 20);
    const scale = Math.min((width - 2 * margin) / box.width, (height - 2 * margin) / box.height, most);
    const p = current();
    p.fitted = false;
    p.place = {
      scale: Math.max(smallestScale, scale),
      x: (width - box.width * scale) / 2 - box.x * scale,
      // A flat drawing begins at the top rather than in the middle of a tall screen.
      y: Math.min((height - box.height * scale) / 2, Math.max(margin, height / 10)) - box.y * scale,
    };
    apply();
  }

  // isInSight tells whether all of a box can be seen, or as much as there is room for.
  function isInSight(box) {
    const { width, height } = size();
    const p = current().place;
    const [left, top] = [box.x * p.scale + p.x, box.y * p.scale + p.y];
    return left >= 0 && top >= 0 && left + box.width * p.scale <= width && top + box.height * p.scale <= height;
  }

  // centre moves the middle of a box into that of the canvas.
  function centre(box) {
    const { width, height } = size();
    const { place } = current();
    pan(width / 2 - (box.x + box.width / 2) * place.scale - place.x, height / 2 - (box.y + box.height / 2) * place.scale - place.y);
  }

  // reveal moves the picture as little as brings a box into sight, if it is not all there.
  function reveal(box) {
    if (isInSight(box)) return;
    const { width, height } = size();
    const p = current().place;
    const margin = 24;
    const left = box.x * p.scale + p.x;
    const top = box.y * p.scale + p.y;
    const right = left + box.width * p.scale;
    const bottom = top + box.height * p.scale;
    let dx = 0;
    let dy = 0;
    if (left < margin) dx = margin - left;
    else if (right > width - margin) dx = Math.max(width - margin - right, margin - left);
    if (top < margin) dy = margin - top;
    else if (bottom > height - margin) dy = Math.max(height - margin - bottom, margin - top);
    if (dx || dy) pan(dx, dy);
  }

  const pointers = new Map();
  let dragged = false;
  const at = (e) => {
    const r = canvas.getBoundingClientRect();
    return { x: e.clientX - r.left, y: e.clientY - r.top };
  };
  canvas.addEventListener('pointerdown', (e) => {
    if (e.button !== 0 || e.target.closest('[data-still]')) return;
    pointers.set(e.pointerId, { ...at(e), startX: e.clientX, startY: e.clientY });
    if (pointers.size === 1) dragged = false;
  });
  canvas.addEventListener('pointermove', (e) => {
    const old = pointers.get(e.pointerId);
    if (!old) return;
    const next = { ...old, ...at(e) };
    if (!dragged && Math.hypot(e.clientX - old.startX, e.clientY - old.startY) < 4 && pointers.size === 1) return;
    if (!dragged) {
      dragged = true;
      canvas.classList.add('dragging');
    }
    if (!canvas.hasPointerCapture(e.pointerId)) {
      try {
        canvas.setPointerCapture(e.pointerId);
      } catch {
        // The pointer is gone: what it did last counts all the same.
      }
    }
    if (pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== e.pointerId)[1];
      const before = Math.hypot(old.x - other.x, old.y - other.y);
      const after = Math.hypot(next.x - other.x, next.y - other.y);
      const middle = { x: (next.x + other.x) / 2, y: (next.y + other.y) / 2 };
      pan((next.x - old.x) / 2, (next.y - old.y) / 2);
      if (before > 1) zoomAt(middle.x, middle.y, after / before);
    } else if (pointers.size === 1) {
      pan(next.x - old.x, next.y - old.y);
    }
    pointers.set(e.pointerId, next);
  });
  const release = (e) => {
    pointers.delete(e.pointerId);
    if (pointers.size === 0) canvas.classList.remove('dragging');
  };
  canvas.addEventListener('pointerup', release);
  canvas.addEventListener('pointercancel', release);
  canvas.addEventListener('pointerleave', (e) => {
    if (!canvas.hasPointerCapture(e.pointerId)) release(e);
  });
  // A click that ends a drag is none.
  canvas.addEventListener(
    'click',
    (e) => {
      if (dragged) {
        e.stopPropagation();
        e.preventDefault();
        dragged = false;
      }
    },
    true,
  );
  canvas.addEventListener(
    'wheel',
    (e) => {
      if (e.target.closest('[data-still]')) return;
      e.preventDefault();
      const unit = e.deltaMode === 1 ? 16 : e.deltaMode === 2 ? 400 : 1;
      if (e.shiftKey) {
        pan(-(e.deltaX || e.deltaY) * unit, 0);
        return;
      }
      const { x, y } = at(e);
      zoomAt(x, y, Math.exp(Math.max(-200, Math.min(200, -e.deltaY * unit)) * (e.ctrlKey ? 0.01 : 0.002)));
    },
    { passive: false },
  );

  return { zoom, pan, show, reveal, centre, isInSight, apply };
}
