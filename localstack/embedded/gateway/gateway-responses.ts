import { StackError } from '../stack-error.ts';

/** A gateway response as declared. */
export interface GatewayResponse {
  readonly statusCode: number | undefined;
  /** By header name; `'quoted'` is literal, `context.x` a context variable. */
  readonly headers: Readonly<Record<string, string>>;
  /** The template for `application/json`, if one is declared. */
  readonly template: string | undefined;
}

/** A response the gateway gives by itself. */
export interface Refusal {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The gateway responses that can happen here, with their defaults (API Gateway Developer Guide, "Gateway response types"). */
const defaults = {
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  THROTTLED: [429, 'Too Many Requests'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  DEFAULT_4XX: [400, 'Bad Request'],
  DEFAULT_5XX: [502, 'Internal server error'],
} as const satisfies Record<string, readonly [number, string]>;

export type RefusalType = keyof typeof defaults;

/** The body of a gateway response that declares none. */
const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';

/** Words a refusal: by its own gateway response if declared, else by `DEFAULT_4XX` or `DEFAULT_5XX`, else as by default. */
export function refuse(
  type: RefusalType,
  declared: ReadonlyMap<string, GatewayResponse>,
  context: { requestId: string; stageName: string; path: string },
): Refusal {
  const [defaultStatus, message] = defaults[type];
  const response = declared.get(type) ?? declared.get(defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const variables: Record<string, string> = {
    requestId: context.requestId,
    extendedRequestId: context.requestId,
    stage: context.stageName,
    path: context.path,
    'error.message': message,
    'error.messageString': JSON.stringify(message),
    'error.responseType': type,
  };
  const headers = Object.entries(response?.headers ?? {}).map(([name, value]) => [name, headerValue(value, variables)]);
  const body = (response?.template ?? DEFAULT_TEMPLATE).replaceAll(
    /\$context\.([A-Za-z.]*[A-Za-z])/g,
    (_whole, name: string) => variables[name] ?? '',
  );
  return {
    statusCode: response?.statusCode ?? defaultStatus,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type, ...Object.fromEntries(headers) },
    body,
  };
}

const HEADER_PREFIX = 'gatewayresponse.header.';

/** The headers in a gateway response's `ResponseParameters`. Throws a `StackError` for a mapping it does not know. */
export function readResponseHeaders(parameters: Readonly<Record<string, string>>): Record<string, string> {
  const headers = Object.entries(parameters).map(([parameter, value]) => {
    const known = parameter.startsWith(HEADER_PREFIX) && /^('.*'|context\.[A-Za-z.]+)$/.test(value);
    if (!known)
      throw new StackError(`A gateway response maps ${parameter} to ${value}, which the embedded stack cannot do.`);
    return [parameter.slice(HEADER_PREFIX.length).toLowerCase(), value] as const;
  });
  return Object.fromEntries(headers);
}

function headerValue(value: string, variables: Readonly<Record<string, string>>): string {
  return value.startsWith("'") ? value.slice(1, -1) : (variables[value.slice('context.'.length)] ?? '');
}
