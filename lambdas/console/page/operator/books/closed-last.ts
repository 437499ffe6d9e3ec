import { stored } from '../../session/stored.ts';

/** The month this tab closed last, or found closed. */
export const closedLast = stored<{ readonly tenant: string; readonly period: string } | null>('close.last', null);
