import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const FOLDER = new URL('../../.github/workflows/', import.meta.url);

const workflows = new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER), 'utf8')]));

describe.each([...workflows])('%s', (_name, text) => {
  it('names every action by the commit it is, and the version that was', () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may read the repository, and leaves no credential in the checkout', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
    const checkouts = text.match(/actions\/checkout@/g)?.length;
    expect(text.match(/persist-credentials: false/g)).toHaveLength(checkouts ?? 0);
  });

  it('holds no secret: whoever deploys asks AWS for a role', () => {
    expect(text).not.toMatch(/secrets\.|AKIA|aws-access-key-id|aws-secret-access-key/);
  });

  it('puts nothing that a stranger wrote into a command', () => {
    const commands = [...text.matchAll(/run: (.*)/g)].map(([, command]) => command);
    for (const command of commands) expect(command).not.toContain('${{');
  });
});

describe('ci', () => {
  const text = workflows.get('ci.yml') ?? '';

  it('runs the gate', () => {
    expect(text).toContain('run: bash .ci/run');
  });

  it('keeps a bill of materials, and fails for a known vulnerability in what is deployed', () => {
    expect(text).toMatch(/npm sbom --sbom-format=cyclonedx .*> sbom\.cdx\.json/);
    expect(text).toMatch(/actions\/upload-artifact@.*\n\s+with:\n\s+name: sbom\n\s+path: sbom\.cdx\.json/);
    expect(text).toContain('npm audit --omit=dev --audit-level=high');
    expect(text).toMatch(/osv-scanner-action@.*\n\s+with:\n\s+scan-args: --lockfile=package-lock\.json/);
    expect(text).not.toContain('continue-on-error');
  });
});

describe('deploy', () => {
  const text = workflows.get('deploy.yml') ?? '';

  it('is started by a person alone, from main, and waits for whoever guards the environment', () => {
    expect(/^on:\n((?: .*\n)+)/m.exec(text)?.[1]).toMatch(/^ {2}workflow_dispatch:\n(?! {2}\w)/);
    expect(text).toMatch(/^ {4}if: github\.ref == 'refs\/heads\/main'$/m);
    expect(text).toMatch(/^ {4}environment: \$\{\{ inputs\.stage \}\}$/m);
    expect(text).toContain('id-token: write');
  });

  it('tells the stack whom to mail at every deployment, for one without an address ends the subscription', () => {
    expect(text).toMatch(/^ {6}ALARM_EMAIL: \$\{\{ vars\.ALARM_EMAIL \}\}$/m);
    const commands = [...text.matchAll(/run: (npx cdk .*)/g)].map(([, command]) => command);
    expect(commands).toHaveLength(2);
    for (const command of commands) expect(command).toMatch(/ \$\{ALARM_EMAIL:\+-c "alarmEmail=\$ALARM_EMAIL"\}/);
  });
});
