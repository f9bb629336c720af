// Frozen blocks on the CPU; see slstm_blocks.h. A phase is shared out over threads and the next one waits for all of it; but for the
// recurrence a row meets no other, so products are shared out by panels of the weight and, where these are few, by rows.
#include "slstm_blocks.h"

#include "tasks.h"

#include <new>

namespace forecast {
namespace {

constexpr int64_t NORM_ROWS = 16;       // of a task
constexpr int64_t PRODUCT_ROWS = 192;   // of a task at most: rows of 512 numbers stay in the second cache
constexpr int64_t TASKS = 4;            // for each thread at least, so that a slow one holds nobody up for long

int64_t parts(int64_t count, int64_t size) { return (count + size - 1) / size; }

// Runs work(panel, first row, rows) for all panels of a product.
template <typename Work>
void each_panel(int64_t threads, int64_t panels, int64_t first, int64_t rows, int64_t tile, Work&& work) {
    const int64_t wanted = std::max(parts(rows, PRODUCT_ROWS), parts(TASKS * threads, panels));
    const int64_t size = std::max<int64_t>(1, parts(parts(rows, wanted), tile)) * tile, pieces = parts(rows, size);
    each_task(threads, panels * pieces, [&](int64_t task) {
        const int64_t row = task % pieces * size;
        work(task / pieces, first + row, std::min(size, rows - row));
    });
}

template <typename Work>
void each_row(int64_t threads, int64_t first, int64_t rows, Work&& work) {
    each_task(threads, parts(rows, NORM_ROWS), [&](int64_t task) {
        const int64_t last = std::min(rows, (task + 1) * NORM_ROWS);
        for (int64_t row = task * NORM_ROWS; row < last; row++) work(first + row);
    });
}

struct Run {
    const SlstmKernels& kernels;
    const SlstmBlocks& work;
    const PanelKernels& panels = kernels.panels_of;
    int64_t width = work.heads * work.units, rows = work.batch * work.steps, panel = panels.columns;

    // normed -> gates, within each head.
    void map(const SlstmBlock& block) const {
        const int64_t columns = 4 * work.units, own = parts(columns, panel);
        each_panel(work.threads, work.heads * own, 0, rows, kernels.rows, [&](int64_t at, int64_t row, int64_t count) {
            const int64_t head = at / own, column = at % own * panel;
            const float* own_panel = block.maps + at * work.units * panel;
            panels.product(work.normed + row * width + head * work.units, width, count, work.units, own_panel, own_panel + work.units * panel,
                           work.gates + (head * rows + row) * columns + column, columns, std::min(panel, columns - column));
        });
    }

    // gates -> hidden
    void recur(const SlstmBlock& block, int64_t index) const {
        SlstmForward cell{};
        cell.heads = work.heads;
        cell.units = work.units;
        cell.batch = work.batch;
        cell.steps = work.steps;
        cell.gates = work.gates;
        cell.gates_batch = work.steps * 4 * work.units;
        cell.gates_step = 4 * work.units;
        cell.gates_gate = work.units;
        cell.gates_head = rows * 4 * work.units;
        cell.packed = block.kernel;
        cell.bias = block.bias;
        cell.cap = work.cap;
        cell.hidden = work.hidden;
        cell.state = work.states + index * 4 * work.batch * width;
        cell.first = true;
        if (work.start != nullptr) {
            cell.start = work.start + index * work.start_block;
            cell.start_part = work.start_part;
            cell.start_batch = work.start_batch;
            for (int64_t b = 0; cell.first && b < (work.start_batch == 0 ? 1 : work.batch); b++) {
                const float* n = cell.start + 2 * work.start_part + b * work.start_batch;
                cell.first = std::all_of(n, n + width, [](float x) { return x == 0.0f; });
            }
        }
        each_tile(work.threads, work.heads, work.batch, kernels.rows, [&](int64_t head, int64_t row, int64_t count) { kernels.forward(cell, head, row, count); });
    }

    // Gate and up together: what up gives stays with the thread.
    void feed_forward(const SlstmBlock& block, int64_t first, int64_t count) const {
        const int64_t inner = work.inner;
        each_panel(work.threads, parts(inner, panel), first, count, kernels.rows, [&](int64_t at, int64_t row, int64_t size) {
            alignas(64) float other[PRODUCT_ROWS * 64];
            const int64_t column = at * panel, columns = std::min(panel, inner - column), place = at * width * panel;
            const float* normed = work.normed + row * width;
            float* to = work.between + (row - first) * inner + column;
            panels.product(normed, width, size, width, block.gate + place, block.up + place, to, inner, columns);
            panels.product(normed, width, size, width, block.up + place, block.gate + place + width * panel, other, panel, columns);
            for (int64_t r = 0; r < size; r++) kernels.rows_of.gate(to + r * inner, other + r * panel, columns);
        });
        each_panel(work.threads, parts(width, panel), first, count, kernels.rows, [&](int64_t at, int64_t row, int64_t size) {
            const int64_t column = at * panel, place = at * inner * panel;
            panels.product(work.between + (row - first) * inner, inner, size, inner, block.down + place, block.down + place + inner * panel, work.hidden + row * width + column, width, std::min(panel, width - column));
        });
    }
};

}  // namespace

void slstm_blocks(const SlstmKernels& kernels, const SlstmBlocks& work) {
    const Run run{kernels, work};
    const auto& norms = kernels.rows_of;
    const int64_t width = run.width, rows = run.rows;
    each_row(work.threads, 0, rows, [&](int64_t row) { norms.add_norm(work.input + row * width, nullptr, work.weights[0].norm, work.eps, width, nullptr, work.normed + row * width); });
    for (int64_t index = 0; index < work.blocks; index++) {
        const SlstmBlock& block = work.weights[index];
        const float* before = index == 0 ? work.input : work.output;
        const float* next = index + 1 < work.blocks ? work.weights[index + 1].norm : nullptr;
        run.map(block);
        run.recur(block, index);
        for (int64_t first = 0; first < rows; first += SlstmBlocks::rows_at_once) {
            const int64_t count = std::min(SlstmBlocks::rows_at_once, rows - first);
            each_row(work.threads, first, count, [&](int64_t row) {
                const int64_t at = row * width;
                norms.add_group_norm(before + at, work.hidden + at, block.scale, work.group_eps, block.second_norm, work.eps, work.heads, width, work.output + at, work.normed + at);
            });
            run.feed_forward(block, first, count);
            each_row(work.threads, first, count, [&](int64_t row) {
                const int64_t at = row * width;
                norms.add_norm(work.output + at, work.hidden + at, next, work.eps, width, work.output + at, next != nullptr ? work.normed + at : nullptr);
            });
        }
    }
}

}  // namespace forecast
