//! The grid: columns, totals, chips, and what keys make of a cell.
