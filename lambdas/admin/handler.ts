import { systemClock } from '../clock.ts';
import { authenticationVariables, readEnvironment } from '../environment.ts';
import type { AuditTrail } from '../http/admin-route.ts';
import { bearerAuthentication } from '../http/authenticate.ts';
import { lambdaHandler } from '../http/lambda.ts';
import { createRouter, type Route } from '../http/router.ts';
import { secretsFrom } from '../secrets/from-environment.ts';
import { AuditLog } from '../storage/audit-log.ts';
import { documentClient } from '../storage/dynamo.ts';
import { powertoolsTelemetry } from '../telemetry.ts';
import { auditRoute } from './read-audit.ts';

const environment = readEnvironment(['OPERATIONS_TABLE', 'CORS_ORIGINS', ...authenticationVariables]);
const client = documentClient();
const telemetry = powertoolsTelemetry();
const auditLog = new AuditLog(client, environment.OPERATIONS_TABLE);
const trail: AuditTrail = { append: (facts) => auditLog.append('admin', facts, systemClock), telemetry };

const routes: Route[] = [auditRoute(trail, { log: auditLog, clock: systemClock })];
const browsers = { corsOrigins: environment.CORS_ORIGINS };
const tokens = { algorithm: environment.JWT_ALGORITHM, jwksUrl: environment.JWT_JWKS_URL };
const authenticate = bearerAuthentication(tokens, secretsFrom(environment), systemClock.nowMs);

/** Answers administrators: the only function that may write adjustments, shut lanes and seal periods. */
export const handler = lambdaHandler(createRouter(routes, authenticate, telemetry, browsers), telemetry);
