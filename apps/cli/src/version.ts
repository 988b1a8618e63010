/** The version of the CLI's package, put in when it is bundled. */
declare const HLB_VERSION: string | undefined;

export const VERSION: string = typeof HLB_VERSION === 'string' ? HLB_VERSION : '0.0.0-source';
