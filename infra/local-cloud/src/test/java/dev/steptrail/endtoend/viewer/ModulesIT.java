package dev.steptrail.endtoend.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The viewer's modules that touch no page, each by itself, in the browser that runs them. */
class ModulesIT extends BrowserTest {
    /** What a function makes of a module. */
    private Object of(String module, String function) {
        Page page = stranger();
        page.navigate("/");
        return page.evaluate(
                "async (name) => (" + function
                        + ")(await import(new URL(name, document.querySelector('script[type=module]').src)))",
                module);
    }

    @Test
    void queue_runsSoManyAtATime_theMostUrgentAndThenTheLatestFirst_andWhatWasAbortedNever() {
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
    void cache_keepsWhatWasUsedLast_andTellsWhatGoes() {
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
    void text_isSplitWhereItMatches_howeverItIsCapitalised_andWhole() {
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
    void action_isDescribed_andMarked_asFarAsItMakesSense() {
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
    void align_putsStepsBesideThoseThatDoTheSame() {
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
    void pixels_tellHowMuchDiffers_andWhere_theLargestPlaceFirst() {
        Object told = of("run/pixels.js", """
                ({ changes }) => {
                  const [width, height] = [100, 60];
                  const picture = () => new Uint8ClampedArray(width * height * 4);
                  const [a, b] = [picture(), picture()];
                  const fill = (x, y, w, h, value) => {
                    for (let j = y; j < y + h; j++) for (let i = x; i < x + w; i++) b[(j * width + i) * 4] = value;
                  };
                  fill(0, 0, 8, 8, 255);
                  fill(64, 40, 36, 20, 255);
                  fill(30, 20, 10, 10, 20); // less than an encoder's noise
                  const { share, regions } = changes(a, b, width, height);
                  return [Math.round(share * width * height), regions, changes(a, a, width, height).regions.length];
                }""");

        assertThat(told)
                .isEqualTo(List.of(
                        8 * 8 + 36 * 20,
                        List.of(
                                Map.of("x", 64, "y", 40, "width", 36, "height", 20),
                                Map.of("x", 0, "y", 0, "width", 8, "height", 8)),
                        0));
    }

    @Test
    void webp_isPutTogether_ofPicturesOfAnySize_andOfNothingElse() {
        Object told = of("run/webp.js", """
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

        assertThat(told).isEqualTo(List.of(2, 50, 17, "a picture is no WebP"));
    }

    @Test
    void urls_areThoseOfAllPagesThatABlockHas() {
        Object told = of("frames/urls.js", """
                async ({ Urls }) => {
                  const asked = [];
                  const picture = (step) => ({ step_number: step, ordinal: 0, url: `http://x/${step}?X-Amz-Expires=300`, thumbnail_url: null });
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

        assertThat(told).isEqualTo(List.of("50,1?,21,", "1 first,1 b,1 c"));
    }
}
