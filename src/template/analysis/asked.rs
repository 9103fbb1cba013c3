//! Which names a template asks of: only their values need to be told apart.

use crate::template::syntax::{Arm, Branch, Chain, Condition, Expression, Guard, Node, NodeKind, Render, Step};
use std::collections::BTreeSet;

/// Adds the numbers of the names in `nodes` whose values decide something.
pub(super) fn in_nodes(nodes: &[Node], asked: &mut BTreeSet<usize>) {
    for node in nodes {
        match &node.kind {
            NodeKind::If(branches) => branches.iter().for_each(|branch| in_branch(branch, asked)),
            NodeKind::Case { subject, arms } => {
                expression(subject, asked);
                for Arm { values, body, .. } in arms {
                    values.iter().flatten().for_each(|value| expression(value, asked));
                    in_nodes(body, asked);
                }
            }
            NodeKind::For(head) | NodeKind::TableRow(head) => {
                expression(&head.over, asked);
                in_nodes(&head.body, asked);
                in_nodes(&head.otherwise, asked);
            }
            NodeKind::Assign { value, .. } => {
                // Another name for the same value may be asked of.
                if value.filters.is_empty() {
                    expression(&value.head, asked);
                }
                in_chain(value, asked);
            }
            NodeKind::Output(value) => in_chain(value, asked),
            NodeKind::Capture { body, .. } | NodeKind::IfChanged(body) | NodeKind::Role { body, .. } => {
                in_nodes(body, asked);
            }
            NodeKind::Render(render) => in_render(render, asked),
            _ => {}
        }
    }
}

/// What goes through a filter, and how, decides what comes out.
fn in_chain(chain: &Chain, asked: &mut BTreeSet<usize>) {
    match chain.filters.is_empty() {
        true => indexes(&chain.head, asked),
        false => expression(&chain.head, asked),
    }
    chain.filters.iter().flat_map(|call| &call.positional).for_each(|value| expression(value, asked));
}

fn in_render(render: &Render, asked: &mut BTreeSet<usize>) {
    render.arguments.iter().for_each(|(_, value)| expression(value, asked));
    render.subject.iter().for_each(|subject| expression(&subject.value, asked));
}

fn in_branch(branch: &Branch, asked: &mut BTreeSet<usize>) {
    if let Guard::If(condition) | Guard::Unless(condition) = &branch.guard {
        in_condition(condition, asked);
    }
    in_nodes(&branch.body, asked);
}

fn in_condition(condition: &Condition, asked: &mut BTreeSet<usize>) {
    for test in std::iter::once(&condition.first).chain(condition.rest.iter().map(|(_, test)| test)) {
        expression(&test.left, asked);
        test.right.iter().for_each(|(_, right)| expression(right, asked));
    }
}

fn expression(expression: &Expression, asked: &mut BTreeSet<usize>) {
    if let Some(name) = expression.as_variable().and_then(|variable| variable.name()) {
        asked.insert(name.slot);
    }
    indexes(expression, asked);
}

/// What stands in brackets decides which part is read.
fn indexes(expression: &Expression, asked: &mut BTreeSet<usize>) {
    for step in expression.as_variable().iter().flat_map(|variable| &variable.path) {
        if let Step::Index(index) = step
            && let Some(name) = index.as_variable().and_then(|variable| variable.name())
        {
            asked.insert(name.slot);
        }
    }
}
