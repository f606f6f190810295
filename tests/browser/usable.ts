/** What axe cannot see and every page owes: focus that shows, an order that follows the page, stillness, and room for letters twice the size. */
import type { Page } from 'playwright-core';

/**
 * Walks through everything that takes the focus, in the page's order, and answers what is wrong: no mark of the focus
 * (an outline, or another look of it or of its label), or an order of its own. One call, whatever the page's length.
 */
export async function findLostFocus(page: Page): Promise<string[]> {
  // A key first: from then on the browser shows the focus that a script moves, too.
  await page.keyboard.press('Tab');
  return page.locator('html').evaluate((html: any) => {
    const { document } = html.ownerDocument.defaultView;
    const style = (element: any) => document.defaultView.getComputedStyle(element);
    const lookOf = (element: any) => [element, element.nextElementSibling, element.parentElement].filter(Boolean)
      .map((each: any) => { const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = style(each); return `${outlineStyle === 'none' ? '' : outlineWidth + outlineColor} ${boxShadow} ${borderColor}`; }).join('|');
    const wrong: string[] = [];
    for (const element of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')) {
      if (element.disabled || !element.checkVisibility()) continue;
      if (element.tabIndex > 0) wrong.push(`an order of its own: ${element.outerHTML.slice(0, 120)}`);
      if (element.tabIndex < 0) continue;
      document.activeElement?.blur();
      const before = lookOf(element);
      element.focus({ preventScroll: true });
      if (document.activeElement !== element) wrong.push(`does not take the focus: ${element.outerHTML.slice(0, 120)}`);
      else if (lookOf(element) === before) wrong.push(`does not show the focus: ${element.outerHTML.slice(0, 120)}`);
    }
    document.activeElement?.blur();
    return wrong;
  });
}

/** What moves although the person asked for stillness. */
export function findMovement(page: Page): Promise<string[]> {
  return page.locator('html').evaluate((html: any) => {
    const window = html.ownerDocument.defaultView;
    const moves = [...html.ownerDocument.querySelectorAll('*')].filter((element: any) => {
      const { transitionDuration, animationName, scrollBehavior } = window.getComputedStyle(element);
      return /[1-9]/.test(transitionDuration) || animationName !== 'none' || scrollBehavior === 'smooth';
    });
    return moves.map((element: any) => element.outerHTML.slice(0, 120));
  });
}

/** What letters of twice the size cut off or push out of a phone's screen, 390 pixels wide. */
export function findCutOff(page: Page): Promise<string[]> {
  return page.locator('html').evaluate((html: any) => {
    const window = html.ownerDocument.defaultView;
    html.style.fontSize = '200%';
    const wrong: string[] = [];
    if (html.scrollWidth > window.innerWidth) {
      const [wide] = [...html.ownerDocument.querySelectorAll('body *')].filter((element: any) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0).reverse();
      wrong.push(`the page is ${html.scrollWidth} pixels wide: ${wide?.outerHTML.slice(0, 160)}`);
    }
    for (const element of html.ownerDocument.querySelectorAll('body *')) {
      const { overflowX, overflowY, clipPath } = window.getComputedStyle(element);
      const isCut = (overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1) || (overflowY === 'hidden' && element.scrollHeight > element.clientHeight + 1);
      if (isCut && clipPath === 'none' && element.tagName !== 'svg') wrong.push(`cut off: ${element.outerHTML.slice(0, 120)}`);
    }
    html.style.fontSize = '';
    return wrong;
  });
}
