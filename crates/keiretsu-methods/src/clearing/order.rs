//! Turns a sparse dependency graph into its strongly connected components, each after those it depends on.
//!
//! Tarjan (1972, SIAM J. Computing 1), without recursion, so that long chains do not exhaust the stack.

/// Nodes in an order in which each component follows those it depends on, and the starts of the components in
/// that order, with the total at the end. Node i depends on `columns[starts[i]..starts[i + 1]]`.
pub(super) fn components(starts: &[u32], columns: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let nodes = starts.len().saturating_sub(1);
    let mut search = Search {
        index: vec![0; nodes],
        low: vec![0; nodes],
        next_index: 0,
        open: Vec::new(),
        order: Vec::with_capacity(nodes),
        ends: vec![0],
    };
    let mut path: Vec<(u32, u32)> = Vec::new();
    for root in 0..nodes as u32 {
        if search.index[root as usize] != 0 {
            continue;
        }
        search.enter(root);
        path.push((root, starts[root as usize]));
        while let Some((node, edge)) = path.last_mut() {
            if *edge < starts[*node as usize + 1] {
                let to = columns[*edge as usize];
                *edge += 1;
                if search.index[to as usize] == 0 {
                    search.enter(to);
                    path.push((to, starts[to as usize]));
                } else {
                    search.meet(*node, to);
                }
            } else {
                let node = *node;
                path.pop();
                search.leave(node);
                if let Some((parent, _)) = path.last() {
                    let (parent, low) = (*parent as usize, search.low[node as usize]);
                    search.low[parent] = search.low[parent].min(low);
                }
            }
        }
    }
    (search.order, search.ends)
}

/// Finished nodes have `low` = `DONE`, which lowers no other.
const DONE: u32 = u32::MAX;

struct Search {
    /// Order of discovery, from 1; 0 = not seen.
    index: Vec<u32>,
    low: Vec<u32>,
    next_index: u32,
    open: Vec<u32>,
    order: Vec<u32>,
    ends: Vec<u32>,
}

impl Search {
    fn enter(&mut self, node: u32) {
        self.next_index += 1;
        self.index[node as usize] = self.next_index;
        self.low[node as usize] = self.next_index;
        self.open.push(node);
    }

    /// An edge to a node already seen; it counts only while that node's component is open.
    fn meet(&mut self, node: u32, to: u32) {
        if self.low[to as usize] != DONE {
            self.low[node as usize] = self.low[node as usize].min(self.index[to as usize]);
        }
    }

    /// All edges of `node` are seen; if it heads a component, that is complete.
    fn leave(&mut self, node: u32) {
        if self.low[node as usize] != self.index[node as usize] {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.low[member as usize] = DONE;
            self.order.push(member);
            if member == node {
                break;
            }
        }
        self.ends.push(self.order.len() as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn dependencies_come_first() {
        // 0 -> 1 -> 2 -> 1, 3 -> 0.
        let (order, ends) = components(&[0, 1, 2, 3, 4], &[1, 2, 1, 0]);
        assert_eq!(ends, [0, 2, 3, 4]);
        assert_eq!(order[2..], [0, 3]);
    }

    #[test]
    fn long_chain_does_not_recurse() {
        let nodes = 200_000;
        let starts: Vec<u32> = (0..=nodes).map(|k: u32| k.min(nodes - 1)).collect();
        let columns: Vec<u32> = (1..nodes).collect();
        assert_eq!(components(&starts, &columns).0[0], nodes - 1);
    }
}
