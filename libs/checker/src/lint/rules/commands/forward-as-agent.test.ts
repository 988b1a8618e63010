import { describe, expect, test } from 'vitest';
import { findingsOf } from '../../testing/findings-of.js';
import { forwardAsAgent } from './forward-as-agent.js';

describe('forward-as-agent', () => {
  test('finds a forward before the agent, or without one', () => {
    expect(
      findingsOf(
        forwardAsAgent,
        `fs default() {
	image "alpine"
	run "x" with option {
		forward "tcp://h:1" "/s"
		ssh
	}
	run "y" with option {
		forward "tcp://h:1" "/s"
	}
}
`,
      ),
    ).toEqual(['4:3 forward', '8:3 forward']);
  });

  test('leaves a forward after the agent alone', () => {
    expect(
      findingsOf(
        forwardAsAgent,
        `fs default() {
	image "alpine"
	run "x" with option {
		ssh
		forward "tcp://h:1" "/s"
	}
}
`,
      ),
    ).toEqual([]);
  });
});
