import { z } from 'zod';
import type { Json } from '../template/json.ts';

/** A policy as it is declared; `authority/statement.ts` reads it, when it must be obeyed. */
export const policyDocument = z.custom<Json>((value) => typeof value === 'object' && value !== null);
