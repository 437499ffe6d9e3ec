import { describe, expect, it } from 'vitest';
import { stages } from '../../lib/stage.ts';
import { bundleBudgetBytes, bundleSize, functionNames } from '../../localstack/bench/bundle-size.ts';

describe('bundle budget', () => {
  it.each(functionNames())('%s stays within its budget besides the SDK', (name) => {
    const { besidesSdkBytes, bytesByPackage } = bundleSize(name, stages.prod);
    expect(besidesSdkBytes, JSON.stringify(bytesByPackage)).toBeLessThanOrEqual(bundleBudgetBytes(name));
  });
});
