// The sLSTM kernels for one instruction set; see vector_math.h.
//
// One register tile is FT_ROWS series by 4 vectors. Sums run over k in one chain whatever the tile, and the gates are worked out by one
// function that is not inlined, so that a series gives the same bits in any batch and any tile.
#include "vector_math.h"

namespace forecast {
namespace {

struct Cell {
    V c, n, m, h;
    V w, z, o, s, p;
};

// One step of the cell for W units: see SlstmCell.cs for the formulas.
__attribute__((noinline)) void step(Cell& cell, const V raw[4], float cap, bool first) {
    const V ri = raw[0], rf = raw[1];
    const V capped = choose(rf > cap, all(cap), rf);
    const V ef = exp_negative(-magnitude(capped));
    const V kept = cell.m + (choose(capped < 0.0f, capped, V{}) - log1p_unit(ef));
    const V gap = ri - kept;
    const V e = exp_negative(-magnitude(gap));
    const I fresh = first ? (I{} == 0) : (gap >= 0.0f);
    const V i = choose(fresh, all(1.0f), e);
    const V f = choose(gap >= 0.0f, e, all(1.0f));
    cell.m = choose(fresh, ri, kept);
    cell.z = tangent(raw[2]);
    cell.o = sigmoid(raw[3]);
    cell.c = f * cell.c + i * cell.z;
    cell.n = f * cell.n + i;
    cell.p = cell.c / cell.n;
    cell.w = i / cell.n;
    cell.s = choose(rf > cap, V{}, choose(capped >= 0.0f, ef, all(1.0f)) / (ef + 1.0f));
    // Comparisons drop NaN where the plain formulas would carry it on.
    const I broken = (ri != ri) | (rf != rf) | (raw[2] != raw[2]) | (raw[3] != raw[3]);
    const V nan = all(__builtin_nanf(""));
    cell.c = choose(broken, nan, cell.c);
    cell.n = choose(broken, nan, cell.n);
    cell.m = choose(broken, nan, cell.m);
    cell.p = choose(broken, nan, cell.p);
    cell.h = cell.o * cell.p;
}

// sums[r][j] = sum over k of left[r][k] * packed[k][j]
template <int ROWS>
FT_INLINE void product(const float* left, int64_t pitch, const float* packed, int64_t depth, V sums[ROWS][4]) {
    V acc[ROWS][4];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) acc[r][j] = V{};
    }
    for (int64_t k = 0; k < depth; k++) {
        const float* b = packed + k * 4 * W;
        V x[ROWS];
#pragma GCC unroll 8
        for (int r = 0; r < ROWS; r++) x[r] = all(left[r * pitch + k]);
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) {
            const V y = load(b + j * W);
#pragma GCC unroll 8
            for (int r = 0; r < ROWS; r++) acc[r][j] += x[r] * y;
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) sums[r][j] = acc[r][j];
    }
}

// Memory of a task, aligned for vectors.
struct Scratch {
    explicit Scratch(int64_t floats) : memory(static_cast<float*>(::operator new(sizeof(float) * floats, std::align_val_t(64)))) {
        __builtin_memset(memory, 0, sizeof(float) * floats);
    }
    ~Scratch() { ::operator delete(memory, std::align_val_t(64)); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    float* memory;
};

int64_t rounded(int64_t count, int64_t step) { return (count + step - 1) / step * step; }

// [group of W units][in][gate][W]
int64_t packed_size(int64_t units) { return rounded(units, W) * 4 * units; }

void pack(const float* kernel, int64_t stride_in, int64_t stride_out, int64_t units, float* packed) {
    for (int64_t first = 0; first < units; first += W) {
        for (int64_t k = 0; k < units; k++) {
            for (int64_t gate = 0; gate < 4; gate++) {
                for (int64_t lane = 0; lane < W; lane++, packed++)
                    *packed = first + lane < units ? kernel[k * stride_in + (gate * units + first + lane) * stride_out] : 0.0f;
            }
        }
    }
}

// [group of 4 W units][gate and unit of the way out][4 W]
int64_t packed_back_size(int64_t units) { return rounded(units, 4 * W) * 4 * units; }

void pack_back(const float* kernel, int64_t stride_in, int64_t stride_out, int64_t units, float* packed) {
    for (int64_t first = 0; first < units; first += 4 * W) {
        for (int64_t j = 0; j < 4 * units; j++) {
            for (int64_t lane = 0; lane < 4 * W; lane++, packed++)
                *packed = first + lane < units ? kernel[(first + lane) * stride_in + j * stride_out] : 0.0f;
        }
    }
}

struct ForwardTask {
    const SlstmForward& work;
    int64_t head, row, width, pad;
    float *h, *next, *c, *n, *m;
};

template <int ROWS>
void forward_tile(const ForwardTask& task, int64_t t, int64_t group, int64_t at) {
    const SlstmForward& work = task.work;
    const int64_t unit = group * W, left = work.units - unit, place = task.head * work.units + unit;
    const float* packed = work.packed + task.head * packed_size(work.units) + group * work.units * 4 * W;
    const float* bias = work.bias + task.head * 4 * work.units + unit;
    V sums[ROWS][4];
    product<ROWS>(task.h + at * task.pad, task.pad, packed, work.units, sums);
    for (int r = 0; r < ROWS; r++) {
        const int64_t series = task.row + at + r, own = (at + r) * task.pad + unit;
        const float* gates = work.gates + series * work.gates_batch + t * work.gates_step + task.head * work.gates_head + unit;
        V raw[4];
        for (int j = 0; j < 4; j++) raw[j] = sums[r][j] + load(gates + j * work.gates_gate, left) + load(bias + j * work.units, left);
        Cell cell;
        cell.c = load(task.c + own);
        cell.n = load(task.n + own);
        cell.m = load(task.m + own);
        step(cell, raw, work.cap, work.first && t == 0);
        store(task.c + own, cell.c);
        store(task.n + own, cell.n);
        store(task.m + own, cell.m);
        store(task.next + own, cell.h);
        const int64_t out = (series * work.steps + t) * task.width + place;
        store(work.hidden + out, cell.h, left);
        if (work.saved != nullptr) {
            const int64_t plane = work.batch * work.steps * task.width;
            float* saved = work.saved + out;
            store(saved, cell.w, left);
            store(saved + plane, cell.z, left);
            store(saved + 2 * plane, cell.o, left);
            store(saved + 3 * plane, cell.s, left);
            store(saved + 4 * plane, cell.p, left);
        }
    }
}

void forward(const SlstmForward& work, int64_t head, int64_t row, int64_t rows) {
    const int64_t width = work.heads * work.units, pad = rounded(work.units, W), plane = rows * pad, groups = pad / W;
    Scratch scratch(5 * plane);
    float* own = scratch.memory;
    ForwardTask task{work, head, row, width, pad, own, own + plane, own + 2 * plane, own + 3 * plane, own + 4 * plane};
    float* parts[4] = {task.h, task.c, task.n, task.m};
    const int64_t size = sizeof(float) * work.units;
    if (work.start != nullptr) {
        for (int part = 0; part < 4; part++) {
            for (int64_t r = 0; r < rows; r++)
                __builtin_memcpy(parts[part] + r * pad, work.start + part * work.start_part + (row + r) * work.start_batch + head * work.units, size);
        }
    }

    for (int64_t t = 0; t < work.steps; t++) {
        // To and fro: what the last step read at its end still lies in the first cache.
        for (int64_t g = 0; g < groups; g++) {
            const int64_t group = t % 2 == 0 ? g : groups - 1 - g;
            int64_t at = 0;
            for (; at + FT_ROWS <= rows; at += FT_ROWS) forward_tile<FT_ROWS>(task, t, group, at);
#if FT_ROWS > 4
            for (; at + 4 <= rows; at += 4) forward_tile<4>(task, t, group, at);
#endif
            for (; at + 2 <= rows; at += 2) forward_tile<2>(task, t, group, at);
            for (; at < rows; at++) forward_tile<1>(task, t, group, at);
        }
        float* last = task.h;
        task.h = task.next;
        task.next = last;
    }

    parts[0] = task.h;
    for (int part = 0; part < 4; part++) {
        for (int64_t r = 0; r < rows; r++)
            __builtin_memcpy(work.state + (part * work.batch + row + r) * width + head * work.units, parts[part] + r * pad, size);
    }
}

template <int ROWS>
void backward_tile(const float* gates, int64_t depth, const float* packed, float* hidden, int64_t pitch) {
    V sums[ROWS][4];
    product<ROWS>(gates, depth, packed, depth, sums);
    for (int r = 0; r < ROWS; r++) {
        for (int j = 0; j < 4; j++) store(hidden + r * pitch + j * W, sums[r][j]);
    }
}

// Steps in reverse: gradients of the gates from those of the hidden states, then through R to the step before.
void backward(const SlstmBackward& work, int64_t head, int64_t row, int64_t rows) {
    const int64_t units = work.units, width = work.heads * units, depth = 4 * units, pad = rounded(units, 4 * W);
    const int64_t plane = work.batch * work.steps * width;
    Scratch scratch(rows * (3 * pad + depth) + W);
    float *dh = scratch.memory, *dp = dh + rows * pad, *dl = dp + rows * pad, *dg = dl + rows * pad;
    const float* packed = work.packed + head * packed_back_size(units);
    for (int64_t t = work.steps - 1; t >= 0; t--) {
        for (int64_t r = 0; r < rows; r++) {
            const int64_t series = row + r;
            for (int64_t unit = 0; unit < units; unit += W) {
                const int64_t left = units - unit, own = r * pad + unit;
                const int64_t at = (series * work.steps + t) * width + head * units + unit;
                const float* saved = work.saved + at;
                const V w = load(saved, left), z = load(saved + plane, left), o = load(saved + 2 * plane, left), s = load(saved + 3 * plane, left), p = load(saved + 4 * plane, left);
                V before = {};
                if (t > 0) {
                    before = load(saved + 4 * plane - width, left);
                } else if (work.start != nullptr) {
                    const float* start = work.start + series * width + head * units + unit;
                    const V c = load(start + work.batch * width, left), n = load(start + 2 * work.batch * width, left);
                    before = choose(n == 0.0f, V{}, c / n);
                }
                const V grad_h = load(work.gradient + at, left) + load(dh + own);
                const V grad_p = load(dp + own) + grad_h * o;
                const V grad_l = load(dl + own);
                const V q = grad_p * (z - before) * w * (1.0f - w);
                const V grad_u = grad_l * (1.0f - w) - q;
                const V grads[4] = {q + grad_l * w, grad_u * s, grad_p * w * (1.0f - z * z), grad_h * p * o * (1.0f - o)};
                store(dp + own, grad_p * (1.0f - w));
                store(dl + own, grad_u);
                float* out = work.gates + ((head * work.batch + series) * work.steps + t) * depth + unit;
                for (int j = 0; j < 4; j++) {
                    store(dg + r * depth + j * units + unit, grads[j], left);
                    store(out + j * units, grads[j], left);
                }
            }
        }
        if (t == 0) break;
        for (int64_t group = 0; group * 4 * W < units; group++) {
            const float* panel = packed + group * depth * 4 * W;
            float* to = dh + group * 4 * W;
            int64_t r = 0;
            for (; r + FT_ROWS <= rows; r += FT_ROWS) backward_tile<FT_ROWS>(dg + r * depth, depth, panel, to + r * pad, pad);
            for (; r + 2 <= rows; r += 2) backward_tile<2>(dg + r * depth, depth, panel, to + r * pad, pad);
            for (; r < rows; r++) backward_tile<1>(dg + r * depth, depth, panel, to + r * pad, pad);
        }
    }
}

}  // namespace
}  // namespace forecast
