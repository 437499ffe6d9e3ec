import { expect, it } from 'vitest';
import { documentOf } from '../../lambdas/console/document.ts';

it('says its stage at the end of its head, as text', () => {
  expect(documentOf('"><script>', '<head>\n</head>\n<body></body>')).toBe(
    '<head>\n  <meta name="zerosum-stage" content="&quot;&gt;&lt;script&gt;">\n  </head>\n<body></body>',
  );
});

it('is no document without a head', () => {
  expect(() => documentOf('local', '<p>')).toThrow('has no head');
});
