/** Runs in every document before its own scripts. `bench` of the outermost document contains what was measured. */
(() => {
  const bench = { shown: [], pictures: [], layoutShift: 0 };
  window.bench = bench;
  performance.setResourceTimingBufferSize(10_000);
  new PerformanceObserver((list) => list.getEntries().forEach(({ value, hadRecentInput }) => {
    bench.layoutShift += hadRecentInput ? 0 : value;
  })).observe({ type: 'layout-shift', buffered: true });

  // The attribute `shown` of the stage: number of the step, view, and `thumbnail` or `screenshot`.
  const observer = new MutationObserver((changes) => changes.forEach(({ target }) => {
    bench.shown.push({ what: target.getAttribute('shown'), at: performance.now() });
  }));
  const { attachShadow } = Element.prototype;
  Element.prototype.attachShadow = function (options) {
    const root = attachShadow.call(this, options);
    observer.observe(root, { subtree: true, attributes: true, attributeFilter: ['shown'] });
    return root;
  };

  // Images of frames, which the trace viewer uses for the recorded page.
  document.addEventListener('load', async ({ target }) => {
    if (target instanceof HTMLImageElement && window !== top) {
      await target.decode();
      top.bench.pictures.push({ url: target.src, at: performance.timeOrigin + performance.now() - top.performance.timeOrigin });
    }
  }, true);

  /** Returns the elements of the document and of its shadow roots that match a selector. */
  bench.all = (selector, root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? bench.all(selector, shadowRoot) : [])),
  ];

  const nextFrame = () => new Promise(requestAnimationFrame);

  const until = async (find) => {
    for (;;) {
      const found = find();
      if (found) {
        return found;
      }
      await nextFrame();
    }
  };

  /** Returns when the stage showed a step's screenshot. */
  bench.screenshot = async (step) => (await until(() => bench.shown.find(({ what }) => what === `${step} before screenshot`))).at;

  /** Resolves when a number of steps is loaded. */
  bench.steps = (count) => until(() => bench.all('st-timeline')[0]?.getAttribute('aria-valuemax') === String(count));

  /** Returns when an image of a frame was decoded. */
  bench.picture = async (path) => (await until(() => bench.pictures.find(({ url }) => url.endsWith(path)))).at;

  /** Returns the number of requests to the page's own origin that started before a time, with the document's. */
  bench.requestsBefore = (time) => 1 + performance.getEntriesByType('resource')
    .filter(({ name, startTime }) => startTime < time && name.startsWith(location.origin)).length;

  /**
   * Moves the pressed mouse over the timeline from left to right, once per frame of the browser. Returns the durations of the frames,
   * the number of moves that changed the step, and how many of these steps were shown within two frames.
   */
  bench.scrub = async (moves) => {
    const [timeline] = bench.all('st-timeline');
    const [stage] = bench.all('st-stage');
    const { left, width, top: y } = timeline.getBoundingClientRect();
    const stepNumber = () => timeline.getAttribute('aria-valuenow');
    const isShown = (step) => stage.getAttribute('shown').startsWith(`${step} `);
    const times = [];
    const waiting = []; // steps that were moved to one or two frames ago
    let changes = 0;
    let shown = 0;
    let last = await nextFrame();
    for (let move = 1; move <= moves + 2; move++) {
      const before = stepNumber();
      if (move <= moves) {
        const clientX = left + 10 + ((width - 20) * move) / moves;
        timeline.dispatchEvent(new PointerEvent('pointermove', { pointerId: 1, clientX, clientY: y + 5, buttons: 1, bubbles: true }));
      }
      const now = await nextFrame();
      times.push(now - last);
      last = now;
      if (stepNumber() !== before) {
        changes++;
        waiting.push({ step: stepNumber(), frames: 0 });
      }
      for (const wait of waiting.splice(0)) {
        wait.frames++;
        if (isShown(wait.step)) {
          shown++;
        } else if (wait.frames < 2) {
          waiting.push(wait);
        }
      }
    }
    return { times, changes, shown };
  };

  /**
   * Resolves when a list of tasks has not changed for a while. Returns when it last did, and the addresses of its images.
   *
   * @param minTasks the list must have links to so many tasks
   */
  bench.listComplete = async (minTasks) => {
    const images = () => performance.getEntriesByType('resource').filter(({ name }) => !name.startsWith(location.origin));
    let lastState = '';
    let completeAt = 0;
    for (;;) {
      const now = await nextFrame();
      const tasks = new Set(bench.all('a[href*="/tasks/"]').map(({ pathname }) => pathname)).size;
      const elements = bench.all('img').filter((image) =>
        image.loading !== 'lazy' || image.complete || image.getBoundingClientRect().top < innerHeight);
      const decoded = elements.filter(({ complete }) => complete).length;
      const state = `${tasks} ${decoded} ${elements.length} ${images().length}`;
      if (state !== lastState) {
        lastState = state;
        completeAt = performance.now();
      } else if (tasks >= minTasks && decoded === elements.length && now - completeAt > 1000) {
        return { completeAt, images: [...new Set(images().map(({ name }) => name))] };
      }
    }
  };
})();
