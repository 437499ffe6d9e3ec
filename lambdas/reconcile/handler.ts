export async function handler(event: unknown): Promise<unknown> {
  return { statusCode: 200, headers: {}, body: JSON.stringify(event) };
}
