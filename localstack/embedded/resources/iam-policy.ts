import { z } from 'zod';
import { kind, physicalName } from './kind.ts';
import { policyDocument } from './policy-document.ts';

/** A policy that is part of the roles it names. */
export const iamPolicy = kind(
  'AWS::IAM::Policy',
  { PolicyName: z.string(), PolicyDocument: policyDocument, Roles: z.array(z.string()) },
  (properties, place, { authority }) => {
    authority.book.attach(properties.Roles, { place: place.logicalId, json: properties.PolicyDocument });
    return { ref: physicalName(place), attributes: { Id: physicalName(place) } };
  },
);
