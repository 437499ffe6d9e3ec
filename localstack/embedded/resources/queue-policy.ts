import { z } from 'zod';
import { kind, physicalName } from './kind.ts';
import { policyDocument } from './policy-document.ts';

/** A policy that queues carry; its statements say by their resources what they are about. */
export const queuePolicy = kind(
  'AWS::SQS::QueuePolicy',
  { Queues: z.array(z.string()), PolicyDocument: policyDocument },
  ({ PolicyDocument }, place, { authority }) => {
    authority.book.addResourcePolicy({ place: place.logicalId, json: PolicyDocument });
    return { ref: physicalName(place) };
  },
);
