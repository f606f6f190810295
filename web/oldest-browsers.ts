/** The oldest browsers that Commonpot supports, by the names of MDN's browser data. docs/browsers.md says what that means. */
export const oldestBrowsers = { chrome: '89', chrome_android: '89', edge: '89', samsunginternet_android: '15.0', firefox: '91', firefox_android: '91', safari: '15.4', safari_ios: '15.4' } as const;

/** What the bundler lowers scripts and styles to. */
export const buildTarget = ['es2020', 'chrome89', 'edge89', 'firefox91', 'safari15.4', 'ios15.4'];
