package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Unit tests, in the browser, of the viewer's modules that are independent of a page. */
class ModulesIT extends BrowserTest {
    /** Imports a module in the browser, applies a JavaScript function to it and returns the result. */
    private Object of(String module, String function) {
        Page page = stranger();
        page.navigate("/");
        return page.evaluate(
                "async (name) => (" + function
                        + ")(await import(new URL(name, document.querySelector('script[type=module]').src)))",
                module);
    }

    @Test
    void queue_limitsConcurrency_runsTheMostUrgentThenTheLatestFirst_andSkipsAborted() {
        Object ran = of("frames/queue.js", """
                async ({ Queue }) => {
                  const [queue, ran, turn] = [new Queue(2), [], new AbortController()];
                  let underWay = 0;
                  let most = 0;
                  const task = (name) => async () => {
                    ran.push(name);
                    most = Math.max(most, ++underWay);
                    await new Promise((resolve) => setTimeout(resolve));
                    underWay--;
                    if (name === 'bad') throw new Error('bad');
                  };
                  const all = [['one', 1], ['bad', 1], ['later', 2], ['soon', 1], ['latest', 1], ['aborted', 0, turn.signal], ['urgent', 0]]
                    .map(([name, urgency, signal]) => queue.run(task(name), urgency, signal));
                  turn.abort();
                  const results = await Promise.allSettled(all);
                  return [ran.join(), most, results.filter(({ status }) => status === 'rejected').length];
                }""");

        assertThat(ran).isEqualTo(List.of("one,bad,urgent,latest,soon,later", 2, 2));
    }

    @Test
    void cache_keepsTheLastUsed_andReportsEvictions() {
        Object kept = of("frames/cache.js", """
                ({ Cache }) => {
                  const gone = [];
                  const cache = new Cache(10, (value) => gone.push(value));
                  cache.put('a', 'A', 4);
                  cache.put('b', 'B', 4);
                  cache.get('a');
                  cache.put('c', 'C', 4);
                  cache.put('c', 'C2', 5);
                  const kept = ['a', 'b', 'c'].map((key) => cache.get(key) ?? '-').join();
                  cache.put('large', 'L', 100);
                  const large = cache.get('large');
                  cache.clear();
                  return [kept, large, cache.has('large'), gone.join()];
                }""");

        assertThat(kept).isEqualTo(List.of("A,-,C2", "L", false, "B,C,A,C2,L"));
    }

    @Test
    void text_isSplitAtMatches_ignoringCase_withoutLosingText() {
        Object parts = of("run/text.js", """
                ({ split, found }) => [
                  split('Tap tAp the map', 'tap').map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join(''),
                  split('nothing', 'x').length,
                  split('İ tap', 'tap').map(({ text }) => text).join(''),
                  split('a'.repeat(1000), 'a').length,
                  split('a'.repeat(1000), 'a').map(({ text }) => text).join('').length,
                  found({ thinking: null, step_type: 'action', action: { app: '相机' } }, '相机'),
                  found({ thinking: 'No', error_message: null, step_type: 'action' }, 'yes'),
                ]""");

        assertThat(parts).isEqualTo(List.of("[Tap] [tAp] the map", 1, "İ tap", 201, 1000, true, false));
    }

    @Test
    void ending_failureWithMessage_isDescribedAsAFailure() {
        Object texts = of("run/text.js", """
                ({ endingText }) => {
                  const t = { ending: { ended_without_finish: 'stopped', failed_with_message: 'failed', finished: 'finished' } };
                  return [
                    endingText({ end_reason: 'ended_without_finish', message: 'no such app' }, t),
                    endingText({ end_reason: 'ended_without_finish', message: null }, t),
                    endingText({ end_reason: 'finished', message: 'done' }, t),
                  ];
                }""");

        assertThat(texts).isEqualTo(List.of("failed", "stopped", "finished"));
    }

    @Test
    void validAction_isDescribedAndMarked() {
        Object said = of("action.js", """
                ({ describe, mark, hasFailed }) => {
                  const t = { type: { action: 'an action' }, does: { Tap: 'Tap at' } };
                  const said = (action, type = 'action') => describe({ step_type: type, action }, t);
                  return [
                    said({ action: 'Tap', element: [1, 2] }), said({ action: 'Swipe', start: [1, 2], end: [3, 4] }),
                    said({ action: 'Launch', app: 'Clock' }), said({ action: 'Tap', element: { x: 1 } }), said(null),
                    said(null, 'constructor'), said({ _metadata: 'finish', message: 'done' }),
                    mark({ action: { action: 'Tap', element: [1001, 2] } }), mark({ action: null }),
                    mark({ action: { action: 'Tap', element: [1, 2] } }).kind,
                    hasFailed({ success: null, error_message: 'x' }), hasFailed({ success: true, error_message: 'x' }),
                  ];
                }""");

        assertThat(said)
                .isEqualTo(Arrays.asList(
                        "Tap at 1, 2",
                        "Swipe 1, 2, 3, 4",
                        "Launch Clock",
                        "Tap at",
                        "an action",
                        "constructor",
                        "finish done",
                        null,
                        null,
                        "tap",
                        true,
                        false));
    }

    @Test
    void align_pairsEqualSteps() {
        Object rows = of("run/align.js", """
                ({ byAction, byNumber, isSame }) => {
                  const run = (...deeds) => deeds.map((deed, index) => ({ step_number: index + 1, step_type: 'action',
                    action: typeof deed === 'string' ? { action: deed } : { action: 'Tap', element: deed } }));
                  const shown = (rows) => rows.map(([a, b]) => `${a?.step_number ?? '-'}${b?.step_number ?? '-'}`).join(' ');
                  const [a, b] = [run('Home', [500, 500], 'Back', 'Wait'), run('Home', 'Back', [503, 497], 'Wait')];
                  const many = run(...new Array(2001).fill('Back'));
                  return [shown(byNumber(a, b)), shown(byAction(a, b)), byAction(a, b).filter(isSame).length,
                    shown(byAction(a, [])), byAction(many, many).length, isSame([null, null]), isSame([a[1], b[2]])];
                }""");

        assertThat(rows).isEqualTo(List.of("11 22 33 44", "11 2- 32 -3 44", 3, "1- 2- 3- 4-", 2001, false, true));
    }

    @Test
    void insights_areGroupedByOwnerAndTask_actionableFirst_andKeepTheirPlaceWhenMoreAreLoaded() {
        Object result = of("insights/insightlist.js", """
                ({ withMore }) => {
                  const of = (owner, instruction, kind) => ({ owner, instruction, kind });
                  const first = withMore([], [of('ann', 'a', 'expectation'), of('bob', 'a', 'shorter_path'), of('bob', 'a', 'flaky')]);
                  const all = withMore(first, [of('cat', 'z', 'expectation'), of('ann', 'a', 'flaky'), of('dan', 'd', 'novel'),
                    of('dan', 'd', 'slow_step')]);
                  return [first, all].map((tasks) => tasks.map(({ owner, expectation, toActOn }) =>
                    `${owner}${expectation ? '!' : ''} ${toActOn.map(({ kind }) => kind)}`).join('; '));
                }""");

        assertThat(result)
                .isEqualTo(List.of(
                        "bob flaky,shorter_path; ann! ",
                        "bob flaky,shorter_path; ann! flaky; dan slow_step,novel; cat! "));
    }

    @Test
    void pixels_returnTheAmountOfChange_andItsRegions_largestFirst() {
        Object result = of("run/pixels.js", """
                ({ changes }) => {
                  const [width, height] = [100, 60];
                  const picture = () => new Uint8ClampedArray(width * height * 4);
                  const [a, b] = [picture(), picture()];
                  const fill = (x, y, w, h, value) => {
                    for (let j = y; j < y + h; j++) for (let i = x; i < x + w; i++) b[(j * width + i) * 4] = value;
                  };
                  fill(0, 0, 8, 8, 255);
                  fill(64, 40, 36, 20, 255);
                  fill(30, 20, 10, 10, 20); // below the noise of an encoder
                  const { share, regions } = changes(a, b, width, height);
                  return [Math.round(share * width * height), regions, changes(a, a, width, height).regions.length];
                }""");

        assertThat(result)
                .isEqualTo(List.of(
                        8 * 8 + 36 * 20,
                        List.of(
                                Map.of("x", 64, "y", 40, "width", 36, "height", 20),
                                Map.of("x", 0, "y", 0, "width", 8, "height", 8)),
                        0));
    }

    @Test
    void webp_isAssembledFromPicturesOfAnySize_andRejectsOtherFiles() {
        Object result = of("run/webp.js", """
                async ({ animate }) => {
                  const still = async (width, height, type) => {
                    const canvas = new OffscreenCanvas(width, height);
                    canvas.getContext('2d').fillRect(0, 0, width / 2, height);
                    return { blob: await canvas.convertToBlob({ type }), width, height, duration: width };
                  };
                  const all = await Promise.all([still(33, 17, 'image/webp'), still(50, 11, 'image/webp')]);
                  const blob = await animate(all);
                  const decoder = new ImageDecoder({ data: await blob.arrayBuffer(), type: blob.type });
                  await decoder.tracks.ready;
                  const { image } = await decoder.decode({ frameIndex: 1 });
                  const refused = await animate([await still(2, 2, 'image/png')]).catch((error) => error.message);
                  return [decoder.tracks.selectedTrack.frameCount, image.codedWidth, image.codedHeight, refused];
                }""");

        assertThat(result).isEqualTo(List.of(2, 50, 17, "a picture is no WebP"));
    }

    @Test
    void run_withTheLastValidStepNumber_requestsNoHigherNumber() {
        Object asked = of("run/run.js", """
                async ({ Run }) => {
                  const last = 2 ** 31 - 1;
                  const asked = [];
                  const api = { get: async (path, { min_number: number } = {}) => {
                    if (path.endsWith('/report')) return { status: 'succeeded', total_steps: 1 };
                    asked.push(number ?? null);
                    return { steps: [{ step_number: last }], next_cursor: null };
                  }, revalidate: async () => ({ body: { total_steps: 1 }, etag: 'a' }) };
                  const run = new Run(api, 'task');
                  await run.open(last);
                  run.follow();
                  await run.whole;
                  await new Promise((resolve) => setTimeout(resolve, 2500)); // one poll
                  return asked.every((number) => number === null || number <= last) && asked.length > 1;
                }""");

        assertThat(asked).isEqualTo(true);
    }

    @Test
    void urls_areCollectedFromAllPagesOfABlock() {
        Object result = of("frames/urls.js", """
                async ({ Urls }) => {
                  const asked = [];
                  const picture = (step) => ({ step_number: step, screenshot_index: 0, url: `http://x/${step}?X-Amz-Expires=300`, thumbnail_url: null });
                  const pages = { first: [1, 20, 'b'], b: [21, 30, 'c'], c: [31, 50, 'd'], d: [51, 60, null] };
                  const get = async (path, { cursor, min_number: begin }) => {
                    const [from, to, next] = pages[cursor ?? 'first'];
                    asked.push(`${begin} ${cursor ?? 'first'}`);
                    return { screenshots: [picture(from), picture(to)], next_cursor: next };
                  };
                  const urls = new Urls({ get }, 'task');
                  const found = await Promise.all([50, 1, 21, 7].map(async (step) => (await urls.of(step, 0))?.url.slice(9, 11)));
                  return [found.join(), asked.slice(0, 3).join()];
                }""");

        assertThat(result).isEqualTo(List.of("50,1?,21,", "1 first,1 b,1 c"));
    }

    @Test
    void queue_raisesTheUrgencyOfAWaitingTask() {
        Object ran = of("frames/queue.js", """
                async ({ Queue }) => {
                  const [queue, ran] = [new Queue(1), []];
                  const task = (name) => async () => { ran.push(name); };
                  const [first, late] = [['first', 0], ['late', 2]].map(([name, urgency]) => queue.run(task(name), urgency));
                  const others = ['soon', 'sooner'].map((name) => queue.run(task(name), 1));
                  queue.raise(late, 0);
                  queue.raise(others[0], 2); // cannot make it less urgent
                  queue.raise(first, 0); // has already started
                  await Promise.all([late, ...others]);
                  return ran.join();
                }""");

        assertThat(ran).isEqualTo("first,late,sooner,soon");
    }

    @Test
    void ahead_requestsTheNearestFirst_onceThePictureIsDrawn() {
        Object asked = of("frames/ahead.js", """
                async ({ Ahead }) => {
                  const { Queue } = await import(new URL('frames/queue.js', document.querySelector('script[type=module]').src));
                  const [queue, asked] = [new Queue(1), []];
                  queue.run(() => new Promise((resolve) => setTimeout(resolve)), 0);
                  const frames = { blob: async ({ step }, { urgency, signal }) => queue.run(async () => asked.push(step), urgency, signal) };
                  const ahead = new Ahead(frames);
                  const pictures = (from) => (count) => Array.from({ length: count }, (_, place) => ({ step: from + place }));
                  ahead.after(Promise.resolve(), pictures(10));
                  await ahead.after(Promise.resolve(), pictures(1));
                  await new Promise((resolve) => setTimeout(resolve, 20));
                  return asked.join();
                }""");

        assertThat(asked).isEqualTo("1,2,3,4");
    }

    @Test
    void urls_thatExpireDuringAWait_areRequestedAgain_andOtherBlocksAreKept() {
        Object result = of("frames/urls.js", """
                async ({ Urls }) => {
                  const asked = [];
                  const get = async (path, { min_number: step }) => {
                    asked.push(step);
                    await new Promise((resolve) => setTimeout(resolve));
                    return { screenshots: [{ step_number: step, screenshot_index: 0, url: `http://x/${asked.length}?X-Amz-Expires=${step > 50 ? 300 : 1}` }] };
                  };
                  const urls = new Urls({ get }, 'task');
                  const [early, late] = [await urls.of(1, 0), await urls.of(51, 0)]; // the early one has expired
                  const [, again] = await Promise.all([urls.forget(1, early), urls.of(1, 0)]);
                  await urls.forget(51, early); // not a URL of this block
                  const same = (await urls.of(51, 0)) === late;
                  await urls.forget(51, late);
                  const renewed = (await urls.of(51, 0)) !== late;
                  return [again.url.slice(9, 10), same, renewed, asked.join()];
                }""");

        assertThat(result).isEqualTo(List.of("3", true, true, "1,51,1,51"));
    }

    /** Creates {@code Frames} with a stubbed {@code fetch}, and records the requested URLs. */
    private static final String FRAMES = """
            async ({ Frames }, answer, thumbnail) => {
              const asked = [];
              globalThis.fetch = async (url) => { asked.push(url); return answer(); };
              const urls = { of: async (step) => ({ url: `large/${step}`, thumbnail: thumbnail && `small/${step}` }), fetch: (url) => fetch(url) };
              return { frames: new Frames(urls), asked };
            }""";

    @Test
    void frames_withoutThumbnails_areFetchedAndDecodedOnce() {
        Object result = of("frames/frames.js", """
                async (module) => {
                  const canvas = new OffscreenCanvas(40, 20);
                  canvas.getContext('2d');
                  const stored = await canvas.convertToBlob();
                  const { frames, asked } = await (%s)(module, () => new Response(stored), null);
                  const picture = { step: 1, ordinal: 0, width: 40 };
                  await Promise.all([frames.blob(picture, { small: true }), frames.blob(picture)]);
                  const small = await frames.bitmap(picture, 10, { small: true });
                  return [asked.join(), small.width, frames.has(picture, false), small === (await frames.bitmap(picture, 10))];
                }""".formatted(FRAMES));

        assertThat(result).isEqualTo(List.of("large/1", 10, true, true));
    }

    @Test
    void truncatedPicture_isAFailedResponse_andAnAbortedOneIsNot() {
        Object result = of("frames/frames.js", """
                async (module) => {
                  const broken = () => new Response(new ReadableStream({ pull: (body) => body.error(new TypeError('broken off')) }));
                  const { frames } = await (%s)(module, broken, 'small');
                  const turn = new AbortController();
                  const failed = await frames.blob({ step: 1, ordinal: 0 }).catch((error) => error);
                  const aborted = frames.blob({ step: 2, ordinal: 0 }, { signal: turn.signal }).catch((error) => error);
                  turn.abort();
                  return [failed.status, (await aborted).name];
                }""".formatted(FRAMES));

        assertThat(result).isEqualTo(List.of(0, "AbortError"));
    }

    @Test
    void image_isRequestedWithTheToken_fromTheServiceOnly() {
        Object result = of("api.js", """
                async ({ Api }) => {
                  const asked = [];
                  globalThis.fetch = async (url, { headers }) => { asked.push(headers['x-steptrail-share'] ?? 'none'); return new Response(''); };
                  const api = Api.byLink('token');
                  for (const url of ['/api/shared/steps/1.1/screenshot?index=0', 'https://s3.example/api/', '//s3.example/api/']) {
                    await api.image(url);
                  }
                  return asked;
                }""");

        assertThat(result).isEqualTo(List.of("token", "none", "none"));
    }

    @Test
    void imageOverTheRateLimit_isRequestedOnceMore() {
        Object result = of("api.js", """
                async ({ Api }) => {
                  const statuses = [429, 200, 429, 429];
                  globalThis.fetch = async () => new Response('', { status: statuses.shift() });
                  const api = Api.byLink('token');
                  const image = async () => (await api.image('/api/shared/steps/1.1/screenshot?index=0')).status;
                  return [await image(), await image(), statuses.length];
                }""");

        assertThat(result).isEqualTo(List.of(200, 429, 0));
    }

    @Test
    void urlsOfTheService_doNotExpire() {
        Object result = of("frames/urls.js", """
                async ({ Urls }) => {
                  let asked = 0;
                  const get = async () => {
                    asked++;
                    return { screenshots: [{ step_number: 1, screenshot_index: 0, url: '/api/shared/steps/1.1/screenshot?index=0' }] };
                  };
                  const urls = new Urls({ get }, 'task');
                  const [first, second] = [await urls.of(1, 0), await urls.of(1, 0)];
                  return [first.url, first === second, asked];
                }""");

        assertThat(result).isEqualTo(List.of("/api/shared/steps/1.1/screenshot?index=0", true, 1));
    }

    @Test
    void issuer_metadataUrl_isCorrectWithAndWithoutATrailingSlash() {
        Object asked = of("issuer.js", """
                async ({ Issuer }) => {
                  const asked = [];
                  globalThis.fetch = async (url) => { asked.push(url); return new Response('{}'); };
                  await new Issuer({ issuer: 'https://one.example' }).metadata();
                  await new Issuer({ issuer: 'https://two.example/pool/' }).metadata();
                  return asked;
                }""");

        assertThat(asked)
                .isEqualTo(List.of(
                        "https://one.example/.well-known/openid-configuration",
                        "https://two.example/pool/.well-known/openid-configuration"));
    }

    @Test
    void excerpts_doNotSplitCharacters() {
        Object result = of("excerpts.js", """
                ({ beginning }) => [beginning('abc', 3), beginning('abcd', 3), beginning('ab\\u{1F600}', 3), beginning('a\\u{1F600}b', 3)]""");

        assertThat(result).isEqualTo(List.of("abc", "abc…", "ab…", "a\uD83D\uDE00…"));
    }

    @Test
    void stage_showsThumbnails_whileStepsChangeFasterThanTheyLoad() {
        Object result = of("run/stage.js", """
                async ({ Stage }) => {
                  const { default: t } = await import(new URL('texts/en.js', document.querySelector('script[type=module]').src));
                  const asked = [];
                  const bitmap = ({ step }, width, { small, signal }) => new Promise((resolve, reject) => {
                    asked.push(`${step}${small ? ' small' : ''}`);
                    signal?.addEventListener('abort', () => reject(signal.reason));
                    setTimeout(() => createImageBitmap(new ImageData(9, 20)).then(resolve), small ? 40 : 0);
                  });
                  const stage = new Stage({ bitmap, has: () => false }, Object.assign(new EventTarget(), { covers: () => false }), t);
                  document.body.append(stage.element);
                  const seen = new Set();
                  new MutationObserver(() => seen.add(stage.element.querySelector('canvas').getAttribute('aria-label')))
                    .observe(stage.element, { subtree: true, attributeFilter: ['aria-label'] });
                  const step = (number) => ({ step_number: number, step_type: 'action', action: null, screenshots: [
                    { screenshot_index: 0, role: 'before', width: 90, height: 200 }] });
                  for (let number = 1; number <= 30; number++) {
                    stage.show(step(number), 'before', { isPassing: true });
                    await new Promise((resolve) => setTimeout(resolve, 10));
                  }
                  const whileChanging = seen.size;
                  await stage.show(step(31), 'before');
                  return [whileChanging, [...seen].at(-1), asked.filter((what) => !what.endsWith('small')).join()];
                }""");

        List<?> results = (List<?>) result;
        assertThat((int) results.get(0)).as("number of displayed steps").isBetween(3, 15);
        assertThat(results.subList(1, 3)).isEqualTo(List.of("Screen before step 31. action", "31"));
    }
}
