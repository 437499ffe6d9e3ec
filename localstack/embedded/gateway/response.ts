import { z } from 'zod';
import { isBinary } from './media-types.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** API Gateway Developer Guide, "Output format of a Lambda function for proxy integration". */
const schema = z.object({
  statusCode: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{3}$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(100).max(599)),
  headers: z.record(z.string(), scalar).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(scalar)).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Response headers that API Gateway renames (Developer Guide, "Amazon API Gateway important notes"). */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'www-authenticate']);

/** Response headers that the gateway sets or drops by itself. */
const DROPPED = new Set(['keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer']);

export interface ProxyResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string[]>>;
  readonly body: Buffer;
}

/** A function's answer as an HTTP response; undefined if it is malformed, which is the gateway's 502. */
export function readProxyResponse(
  payload: unknown,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): ProxyResponse | undefined {
  const parsed = schema.safeParse(payload);
  if (!parsed.success) return undefined;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = parsed.data;
  const sent: Record<string, string[]> = Object.create(null);
  for (const [name, value] of Object.entries(headers ?? {})) sent[renamed(name)] = [String(value)];
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    // A name in both maps gives the values of both, each once.
    sent[renamed(name)] = [...new Set([...(sent[renamed(name)] ?? []), ...values.map(String)])];
  }
  for (const name of DROPPED) delete sent[name];
  sent['content-type'] ??= ['application/json'];
  // The first type the client accepts decides, as the guide on binary media types has it.
  const binary = isBase64Encoded === true && isBinary(accept?.split(',')[0], binaryMediaTypes);
  return { statusCode, headers: sent, body: Buffer.from(body ?? '', binary ? 'base64' : 'utf8') };
}

function renamed(name: string): string {
  const lower = name.toLowerCase();
  return REMAPPED.has(lower) ? `x-amzn-remapped-${lower}` : lower;
}
