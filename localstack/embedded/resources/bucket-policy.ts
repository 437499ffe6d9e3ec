import { z } from 'zod';
import { kind, physicalName } from './kind.ts';
import { policyDocument } from './policy-document.ts';

/** A policy that a bucket carries; its statements say by their resources what they are about. */
export const bucketPolicy = kind(
  'AWS::S3::BucketPolicy',
  { Bucket: z.string(), PolicyDocument: policyDocument },
  ({ PolicyDocument }, place, { authority }) => {
    authority.book.addResourcePolicy({ place: place.logicalId, json: PolicyDocument });
    return { ref: physicalName(place) };
  },
);
