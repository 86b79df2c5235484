// Engine nodes of the group, in words.

import type { ClusterNode } from './api_types';
import { plural } from './format';

/// "this one, 4 sites"; "holds no site".
export function nodeWords(node: ClusterNode): string {
  const held = node.sites.length > 0 ? plural(node.sites.length, 'site')
    : node.is_drained === true ? 'drained' : 'holds no site';
  return node.is_this_one ? `this one, ${held}` : held;
}
