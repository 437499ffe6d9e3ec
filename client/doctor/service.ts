import { type Finding, fail, ok, warn } from './finding.ts';
import { listenerOn } from './listener.ts';
import { isAnswered, type Probed, probe, type Unanswered } from './probe.ts';
import type { StackTrace } from './stack-trace.ts';

/** The service as far as it could be reached. */
export interface ServiceFindings {
  readonly findings: readonly Finding[];
  /** Whether it is Zerosum, and worth asking more. */
  readonly isZerosum: boolean;
}

const SERVICE_UNAVAILABLE = 503;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Beyond this a clock is not set by anyone; webhook signatures and tokens still work. */
const SKEW_WARN_SECONDS = 30;
/** What a webhook's timestamp may be off (`WEBHOOK_TOLERANCE_SECONDS`). */
const SKEW_FAIL_SECONDS = 300;
const MS_PER_SECOND = 1_000;

/** Whether something answers at the URL, whether it is Zerosum and ready, and whether both clocks agree. */
export async function checkService(url: string, stack: StackTrace | undefined): Promise<ServiceFindings> {
  const health = await probe(`${url}/healthz`);
  if (!isAnswered(health)) return { findings: [unanswered(url, health, stack)], isZerosum: false };
  const isZerosum = health.status === 200 && textIn(health.json, 'status') === 'alive';
  const clock = clockOf(health);
  if (!isZerosum) return { findings: [foreign(url, health, stack), ...clock], isZerosum };
  const [readiness, document] = await Promise.all([probe(`${url}/readyz`), probe(`${url}/openapi.json`)]);
  return { findings: [versionOf(url, document), readinessOf(url, readiness), ...clock], isZerosum };
}

function versionOf(url: string, document: Probed | Unanswered): Finding {
  const info = isAnswered(document) ? valueIn(document.json, 'info') : undefined;
  const version = textIn(info, 'version');
  return ok('Service', `Zerosum${version === undefined ? '' : ` ${version}`} answers at ${url}`);
}

function readinessOf(url: string, readiness: Probed | Unanswered): Finding {
  if (!isAnswered(readiness)) return fail('Readiness', `/readyz: ${readiness.message}`, 'Ask again in a moment.');
  if (readiness.status === 200) return ok('Readiness', 'tables and queues answer');
  const seen = `/readyz says ${readiness.status}`;
  if (readiness.status !== SERVICE_UNAVAILABLE) return fail('Readiness', seen, 'See docs/runbook.md.');
  return fail(
    'Readiness',
    `${seen}: tables or queues are out of reach`,
    isLoopback(url)
      ? 'Stop the stack (Ctrl-C) and start it again: npm start. Nothing is lost.'
      : 'See docs/runbook.md.',
  );
}

function foreign(url: string, { status, headers }: Probed, stack: StackTrace | undefined): Finding {
  const server = headers.get('server');
  const holder = isLoopback(url) ? listenerOn(portOf(url)) : undefined;
  const who = holder ?? (server === null ? 'something' : `a server that calls itself ${server}`);
  return fail(
    'Service',
    `${who} answers ${status} at ${url}/healthz, and it is not Zerosum`,
    `${elsewhere(url, stack) ?? 'Check ZEROSUM_URL, its stage prefix too.'}${isLoopback(url) ? ' To start a stack beside it: PORT=3001 npm start.' : ''}`,
  );
}

function unanswered(url: string, { code, message }: Unanswered, stack: StackTrace | undefined): Finding {
  const { host, hostname } = new URL(url);
  const start = 'Start the stack: npm start (in a checkout of Zerosum).';
  if (code === 'ECONNREFUSED') {
    const cure = elsewhere(url, stack) ?? (isLoopback(url) ? start : 'Check host and port in ZEROSUM_URL.');
    return fail('Service', `nothing listens at ${host}`, cure);
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return fail(
      'Service',
      `the name ${hostname} is not known`,
      'Check the host in ZEROSUM_URL, and the network (DNS).',
    );
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO') {
    return fail('Service', `${host} speaks no TLS`, 'Is it http:// instead of https:// in ZEROSUM_URL?');
  }
  if (/CERT|SIGNATURE|TLS/.test(code)) {
    return fail(
      'Service',
      `the certificate of ${host} is not trusted (${code})`,
      'Check the host name and the clock; for an authority of your own, set NODE_EXTRA_CA_CERTS to its certificate.',
    );
  }
  if (message === 'bad port') {
    return fail('Service', `${host}: no HTTP client goes to this port`, 'Check the port in ZEROSUM_URL.');
  }
  if (code === 'TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return fail(
      'Service',
      `${host}: ${message}`,
      'Check network, firewall and VPN; a stack that hangs: start it again.',
    );
  }
  const holder = isLoopback(url) ? listenerOn(portOf(url)) : undefined;
  const seen = `${holder ?? 'what listens'} at ${host} gives no answer in HTTP (${code})`;
  return fail('Service', seen, elsewhere(url, stack) ?? 'Check ZEROSUM_URL: port, and http:// or https://.');
}

/** Where a stack of this machine runs, if that is not where one looks. */
function elsewhere(url: string, stack: StackTrace | undefined): string | undefined {
  if (stack?.isAlive !== true || stack.url === undefined || stack.url === url) return undefined;
  return `A stack runs at ${stack.url}: export ZEROSUM_URL=${stack.url}`;
}

function clockOf({ headers, atMs }: Probed): Finding[] {
  const theirsMs = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(theirsMs)) return [];
  // The header has whole seconds, cut off.
  const aheadSeconds = Math.round((atMs - theirsMs) / MS_PER_SECOND - 0.5);
  const offSeconds = Math.abs(aheadSeconds);
  const seen = `${offSeconds} s ${aheadSeconds > 0 ? 'ahead of' : 'behind'} the service's`;
  const cure = 'Set the clock by network time: timedatectl set-ntp true, or w32tm /resync.';
  if (offSeconds > SKEW_FAIL_SECONDS) {
    return [fail('Clock', `${seen}: signed webhooks are refused, and tokens may be`, cure)];
  }
  if (offSeconds > SKEW_WARN_SECONDS) return [warn('Clock', seen, cure)];
  return [ok('Clock', offSeconds <= 1 ? "agrees with the service's" : seen)];
}

export function isLoopback(url: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port);
}

function valueIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function textIn(value: unknown, name: string): string | undefined {
  const found = valueIn(value, name);
  return typeof found === 'string' ? found : undefined;
}
