import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/stack.ts';

/** What `cdk synth` says of an app, and whether it gives it out. */
async function synth(...options: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn('node_modules/.bin/cdk', ['synth', '--quiet', '-o', join(temporaryFolder(), 'out'), ...options]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  const code = await new Promise<number | null>((fulfil) => child.once('close', fulfil));
  return { code, said };
}

describe('cdk synth', () => {
  it.each(['dev', 'prod'])("finds nothing in stage %s against AWS's rules that is not acknowledged", async (stage) => {
    const { code, said } = await synth('-c', `stage=${stage}`);
    expect(said).not.toMatch(/AwsSolutions|ERROR|WARN/);
    expect(code, said).toBe(0);
  });

  it('fails for a resource against one of them', async () => {
    const { code, said } = await synth('--app', 'node --import tsx test/stack/planted-finding.process.ts');
    expect(said).toMatch(/SNS Topic does not require publishers to use SSL.*\(AwsSolutions\)/);
    expect(code).not.toBe(0);
  });
});
