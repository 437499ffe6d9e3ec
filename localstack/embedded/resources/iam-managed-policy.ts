import { z } from 'zod';
import { asideFor, kind, physicalName } from './kind.ts';
import { policyDocument } from './policy-document.ts';

/** A policy that roles refer to, or that names the roles it is for. */
export const iamManagedPolicy = kind(
  'AWS::IAM::ManagedPolicy',
  {
    ManagedPolicyName: z.string().optional(),
    PolicyDocument: policyDocument,
    Roles: z.array(z.string()).optional(),
    Description: asideFor('for people'),
    Path: asideFor('names alone tell policies apart'),
  },
  (properties, place, { accountId, authority }) => {
    const arn = `arn:aws:iam::${accountId}:policy/${properties.ManagedPolicyName ?? physicalName(place)}`;
    authority.book.addManagedPolicy(arn, { place: place.logicalId, json: properties.PolicyDocument });
    authority.book.attachManaged(properties.Roles ?? [], arn, place.logicalId);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
);
