import * as z from 'zod';
import { type Action, action, queueUrlSchema } from './action.ts';

const attributesSchema = z.record(z.string(), z.string());

const createSchema = z.object({ QueueName: z.string(), Attributes: attributesSchema.default({}) });
const getUrlSchema = z.object({ QueueName: z.string() });
const listSchema = z.object({ QueueNamePrefix: z.string().default('') });
const getAttributesSchema = queueUrlSchema.extend({ AttributeNames: z.array(z.string()).default([]) });
const setAttributesSchema = queueUrlSchema.extend({ Attributes: attributesSchema });

/** The actions on queues, by their name in the API. */
export const queueActions: Readonly<Record<string, Action>> = {
  CreateQueue: action(createSchema, ({ QueueName, Attributes }, { registry, baseUrl }) => {
    registry.create(QueueName, Attributes);
    return { QueueUrl: baseUrl + registry.path(QueueName) };
  }),
  GetQueueUrl: action(getUrlSchema, ({ QueueName }, { registry, baseUrl }) => {
    registry.byName(QueueName);
    return { QueueUrl: baseUrl + registry.path(QueueName) };
  }),
  ListQueues: action(listSchema, ({ QueueNamePrefix }, { registry, baseUrl }) => {
    return { QueueUrls: registry.names(QueueNamePrefix).map((name) => baseUrl + registry.path(name)) };
  }),
  GetQueueAttributes: action(getAttributesSchema, ({ QueueUrl, AttributeNames }, { registry }) => {
    const attributes = registry.byUrl(QueueUrl).describe();
    if (AttributeNames.includes('All')) return { Attributes: attributes };
    const wanted = AttributeNames.map((name) => [name, attributes[name]] as const);
    return { Attributes: Object.fromEntries(wanted) };
  }),
  SetQueueAttributes: action(setAttributesSchema, ({ QueueUrl, Attributes }, { registry }) => {
    registry.configure(registry.byUrl(QueueUrl), Attributes);
    return {};
  }),
  PurgeQueue: action(queueUrlSchema, ({ QueueUrl }, { registry }) => {
    registry.byUrl(QueueUrl).purge();
    return {};
  }),
  DeleteQueue: action(queueUrlSchema, ({ QueueUrl }, { registry }) => {
    registry.delete(QueueUrl);
    return {};
  }),
};
