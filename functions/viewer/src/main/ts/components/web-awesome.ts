/** The components of Web Awesome that the viewer uses, each imported by itself, and their translations. */
import '@awesome.me/webawesome/dist/components/dialog/dialog.js';
import '@awesome.me/webawesome/dist/components/dropdown-item/dropdown-item.js';
import '@awesome.me/webawesome/dist/components/dropdown/dropdown.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/popover/popover.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/tab-group/tab-group.js';
import '@awesome.me/webawesome/dist/components/tooltip/tooltip.js';
import '@awesome.me/webawesome/dist/translations/zh-cn.js';
import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { drawIcon } from './icons.ts';

// The icons inside these components. By default they are fetched from data: URLs and parsed as markup, which the content security
// policy forbids. With a sprite sheet, the icon renders an empty <svg>, which is drawn here; the URL is only the key of a cache.
registerIconLibrary('system', {
  spriteSheet: true,
  resolver: (name) => `#${name}`,
  mutator: (svg, icon) => {
    drawIcon(svg, icon?.name ?? '');
  },
});
