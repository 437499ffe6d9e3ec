import * as z from 'zod';
import type { Operation } from '../operation.ts';

/** Whether the service works, and what it offers. */
export const serviceOperations: readonly Operation[] = [
  {
    route: 'healthz',
    method: 'GET',
    access: 'public',
    id: 'getHealth',
    tag: 'Service',
    summary: 'Ask whether it is alive',
    description: 'Answers as long as requests reach the service; it asks no dependency.',
    answers: { 200: { description: 'Alive.', schema: z.object({ status: z.literal('alive') }) } },
    problems: [],
    examples: [{ name: 'alive', summary: 'Alive', status: 200, answer: { status: 'alive' } }],
  },
  {
    route: 'readyz',
    method: 'GET',
    access: 'public',
    id: 'getReadiness',
    tag: 'Service',
    summary: 'Ask whether it is ready',
    description: 'Asks every dependency, and answers 503 when one is silent.',
    answers: { 200: { description: 'Every dependency answers.', schema: z.object({ status: z.literal('ready') }) } },
    problems: [],
    examples: [{ name: 'ready', summary: 'Ready', status: 200, answer: { status: 'ready' } }],
  },
  {
    route: 'openapi',
    method: 'GET',
    access: 'public',
    id: 'getDocument',
    tag: 'Service',
    summary: 'Read this document',
    description: 'This OpenAPI document, made from the schemas that check the requests.',
    answers: {
      200: {
        description: 'The document.',
        schema: z.looseObject({ openapi: z.string().meta({ pattern: '^3\\.1\\.' }) }),
      },
    },
    problems: [],
    examples: [
      { name: 'document', summary: 'Its beginning', status: 200, answer: { openapi: '3.1.0' }, isExcerpt: true },
    ],
  },
  {
    route: 'docs',
    method: 'GET',
    access: 'public',
    id: 'getPage',
    tag: 'Service',
    summary: 'Read this document as a page',
    description: 'The same document for a browser: one HTML page that loads nothing else.',
    answers: { 200: { description: 'The page.', contentType: 'text/html; charset=utf-8', schema: z.string() } },
    problems: [],
    examples: [{ name: 'page', summary: 'Its beginning', status: 200, answer: '<!doctype html>', isExcerpt: true }],
  },
  {
    route: 'console',
    method: 'GET',
    access: 'public',
    id: 'getConsole',
    tag: 'Service',
    summary: 'Work the service in a browser',
    description:
      'The console: a page that sends the requests described here. It holds no data and no right of its own; its user gives it a token. What it loads lies below it, under names that change with every release.',
    answers: { 200: { description: 'The page.', contentType: 'text/html; charset=utf-8', schema: z.string() } },
    problems: [],
    examples: [{ name: 'page', summary: 'Its beginning', status: 200, answer: '<!doctype html>', isExcerpt: true }],
  },
];
