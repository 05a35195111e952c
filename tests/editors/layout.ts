// What a designer would measure in the panel: nothing cut off, everything readable.

import type { Locator } from 'playwright-core';

/** Where text has to be read, whatever the theme: badges, the model selector, notices, and all else that is said. */
const READ = [
  ...['.badge .provider', '.badge .model', '.tooltip span', '.model-button .model', '.model-button .origin', '.option:not(.unavailable) .option-id'],
  ...['.option:not(.unavailable) .option-facts', '.group-head span', '.card h3', '.card p', '.card li', '.card summary', '.card code', '.banner p', '.note', '.partial'],
  ...['.titles h1', '.titles p', '.stage-name', '.stage-heading span', '.bubble', '.markdown *', '.empty p', '.workflow-title', '.workflow-facts', '.pill', '.button:enabled', '.composer.closed p'],
].join(', ');

/** Elements wider than the window or than what holds them, and text that is shortened without being told in full. */
export function cutOff(body: Locator): Promise<string[]> {
  return body.evaluate(() => {
    const name = (element: Element): string => `${element.tagName.toLowerCase()}.${element.className}`;
    const style = (element: Element): CSSStyleDeclaration => getComputedStyle(element);
    const scrolls = (element: Element | null): boolean => element !== null && (/(auto|scroll)/.test(style(element).overflowX) || scrolls(element.parentElement));
    const shortened = (element: Element | null): boolean => element !== null && style(element).textOverflow === 'ellipsis';
    const told = (element: Element): boolean => element.closest('[title], [aria-label]') !== null;
    const page = document.documentElement;
    const found = page.scrollWidth > page.clientWidth ? [`the page: ${page.scrollWidth} > ${page.clientWidth}`] : [];
    for (const element of document.querySelectorAll('body *')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || element.closest('pre, .table')) continue; // these scroll by themselves
      if (shortened(element.parentElement)) continue;
      if ((box.right > window.innerWidth + 0.5 || box.left < -0.5) && !scrolls(element.parentElement)) found.push(`${name(element)} leaves the window`);
      if (style(element).display === 'inline' || element.scrollWidth <= element.clientWidth + 1 || element instanceof HTMLTextAreaElement) continue;
      if (style(element).textOverflow === 'ellipsis' ? !told(element) : style(element).overflowX !== 'visible' || !element.querySelector('.tooltip'))
        found.push(`${name(element)}: ${element.scrollWidth} > ${element.clientWidth}`);
    }
    return found;
  });
}

/** What is read against its background with less contrast than WCAG 2 AA asks for, 4.5. */
export function faint(body: Locator): Promise<string[]> {
  return body.evaluate((_, read) => {
    // A canvas knows every notation of colours, and lays translucent ones over each other as the page does.
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    const over = (colours: string[]): number => {
      canvas.clearRect(0, 0, 1, 1);
      for (const colour of colours) {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
      }
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const behind = (element: Element | null): string[] => (element ? [...behind(element.parentElement), getComputedStyle(element).backgroundColor] : []);
    return [...document.querySelectorAll(read)].flatMap((element) => {
      if (element.getBoundingClientRect().width === 0 || !element.textContent) return [];
      const [low, high] = [over(behind(element)), over([...behind(element), getComputedStyle(element).color])].sort((a, b) => a - b);
      const contrast = (high! + 0.05) / (low! + 0.05);
      return contrast < 4.5 ? [`${element.tagName.toLowerCase()}.${element.className}: ${contrast.toFixed(2)}`] : [];
    });
  }, READ);
}
