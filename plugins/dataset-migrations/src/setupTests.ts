import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Nothing has a size in jsdom; lists draw what fits into their container.
function give(
  property: 'clientHeight' | 'clientWidth' | 'offsetHeight',
  pixels: number,
) {
  Object.defineProperty(HTMLElement.prototype, property, {
    configurable: true,
    get: () => pixels,
  });
}
give('clientHeight', 600);
give('clientWidth', 800);
give('offsetHeight', 40);

// Nor can it measure SVG.
Object.defineProperty(SVGElement.prototype, 'getBBox', {
  configurable: true,
  value: () => ({ x: 0, y: 0, width: 100, height: 40 }),
});

// Machines under load are slow, and nothing here is about time.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 20_000 });
