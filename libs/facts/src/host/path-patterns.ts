import { posix } from 'node:path';
import { compilePathPattern, InvalidPatternError, type PathTest } from '@hlb/names';

const compiled = new Map<string, PathTest>();

/**
 * Whether patterns in the manner of a .dockerignore take a path: the last that matches it, or a directory above it, decides; `!`
 * before one takes it out again.
 *
 * @param path relative, with `/`
 */
export function matchesPatterns(patterns: readonly string[], path: string): boolean {
  const parts = path.split('/');
  let matched = false;
  for (const written of patterns) {
    const negative = written.startsWith('!');
    const pattern = posix.normalize(negative ? written.slice(1).trim() : written.trim()).replace(/^\/+|\/+$/g, '');
    if (pattern === '' || pattern === '.') continue;
    const test = testOf(pattern);
    if (parts.some((_, index) => test(parts.slice(0, index + 1).join('/')))) matched = !negative;
  }
  return matched;
}

/** A pattern that can't be (`[b-a]`) takes nothing. */
function testOf(pattern: string): PathTest {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const test = compileOrRefuse(pattern);
  compiled.set(pattern, test);
  return test;
}

function compileOrRefuse(pattern: string): PathTest {
  try {
    return compilePathPattern(pattern);
  } catch (error) {
    if (error instanceof InvalidPatternError) return () => false;
    throw error;
  }
}
