// The mLSTM kernels for one instruction set; see vector_math.h. A chunk's matrices lie in memory of the task, rows padded to whole tiles.

namespace forecast {
namespace {

// rows x columns, padded with zeros to `pitch`.
struct Matrix {
    float* data;
    int64_t rows, columns, pitch;
    float* row(int64_t r) const { return data + r * pitch; }
};

// Memory for a task's matrices, handed out piece by piece.
struct Pool {
    explicit Pool(int64_t floats) : scratch(floats), free(scratch.memory) {}
    Matrix matrix(int64_t rows, int64_t columns) {
        const Matrix made{free, rows, columns, rounded(columns, 4 * W)};
        free += rows * made.pitch;
        return made;
    }
    float* vector(int64_t count) {
        float* made = free;
        free += rounded(count, 4 * W);
        return made;
    }
    Scratch scratch;
    float* free;
};

template <int ROWS>
FT_INLINE void product_tile(const float* a, int64_t stride_row, int64_t stride_k, int64_t depth, const float* b, int64_t pitch_b, float* to, int64_t pitch, bool add) {
    V acc[ROWS][4];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) acc[r][j] = add ? load(to + r * pitch + j * W) : V{};
    }
    for (int64_t k = 0; k < depth; k++) {
        V x[ROWS];
#pragma GCC unroll 8
        for (int r = 0; r < ROWS; r++) x[r] = all(a[r * stride_row + k * stride_k]);
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) {
            const V y = load(b + k * pitch_b + j * W);
#pragma GCC unroll 8
            for (int r = 0; r < ROWS; r++) acc[r][j] += x[r] * y;
        }
    }
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) store(to + r * pitch + j * W, acc[r][j]);
    }
}

// to (+)= a b, a [to.rows, depth] with any strides.
void product(const float* a, int64_t stride_row, int64_t stride_k, int64_t depth, const Matrix& b, const Matrix& to, bool add) {
    for (int64_t column = 0; column < to.columns; column += 4 * W) {
        const float* right = b.data + column;
        float* out = to.data + column;
        int64_t r = 0;
        for (; r + FT_ROWS <= to.rows; r += FT_ROWS) product_tile<FT_ROWS>(a + r * stride_row, stride_row, stride_k, depth, right, b.pitch, out + r * to.pitch, to.pitch, add);
        for (; r < to.rows; r++) product_tile<1>(a + r * stride_row, stride_row, stride_k, depth, right, b.pitch, out + r * to.pitch, to.pitch, add);
    }
}

void product(const Matrix& a, const Matrix& b, const Matrix& to, bool add) { product(a.data, a.pitch, 1, a.columns, b, to, add); }

// to (+)= a^T b
void product_across(const Matrix& a, int64_t depth, const Matrix& b, const Matrix& to, bool add) { product(a.data, 1, a.pitch, depth, b, to, add); }

void transpose(const Matrix& from, const Matrix& to) {
    for (int64_t r = 0; r < from.rows; r++) {
        for (int64_t c = 0; c < from.columns; c++) to.row(c)[r] = from.row(r)[c];
    }
}

float dot(const float* a, const float* b, int64_t count) {
    V whole = {};
    for (int64_t i = 0; i < count; i += W) whole += load(a + i, count - i) * load(b + i, count - i);
    return sum(whole);
}

// to += x from
void add_to(float* to, float x, const float* from, int64_t count) {
    for (int64_t i = 0; i < count; i += W) store(to + i, load(to + i, count - i) + x * load(from + i, count - i), count - i);
}

void times(float* to, float x, int64_t count) {
    for (int64_t i = 0; i < count; i += W) store(to + i, x * load(to + i, count - i), count - i);
}

// A chunk of one head on the way there. With u_s = i_s - F_s and F the running sum of log sigmoid(f), the weight of step s at step t is
// exp(u_s - top_t), top_t the greatest u up to t or m; `scores` holds q_t k_s times that, `shares` what the state before counts for.
struct Chunk {
    Chunk(Pool& pool, int64_t chunk, int64_t keys, int64_t values)
        : q(pool.matrix(chunk, keys)), k(pool.matrix(chunk, keys)), v(pool.matrix(chunk, values)), k_across(pool.matrix(keys, chunk)),
          weights(pool.matrix(chunk, chunk)), scores(pool.matrix(chunk, chunk)), out(pool.matrix(chunk, values)), c(pool.matrix(keys, values)),
          n(pool.vector(keys)), sums(pool.vector(chunk)), u(pool.vector(chunk)), tops(pool.vector(chunk)), shares(pool.vector(chunk)), b(pool.vector(chunk)),
          norms(pool.vector(chunk)), into(pool.vector(chunk)) {}

    static int64_t floats(int64_t chunk, int64_t keys, int64_t values) {
        const int64_t wide = rounded(chunk, 4 * W), deep = rounded(keys, 4 * W), across = rounded(values, 4 * W);
        return chunk * (2 * deep + 2 * across + 2 * wide) + keys * (wide + across) + deep + 7 * wide;
    }

    Matrix q, k, v, k_across, weights, scores, out, c;
    float *n, *sums, *u, *tops, *shares, *b, *norms, *into;
    float m = 0, next = 0, kept = 0;
    int64_t length = 0;
};

void read(const Sequence<const float>& from, int64_t series, int64_t head, int64_t first, float scale, const Matrix& to) {
    for (int64_t t = 0; t < to.rows; t++) {
        const float* row = from.at(series, head, first + t);
        for (int64_t i = 0; i < to.columns; i += W) store(to.row(t) + i, scale * load(row + i, to.columns - i), to.columns - i);
    }
}

// Everything up to the hidden states of a chunk, from the state before it.
void attend(const MlstmForward& work, int64_t series, int64_t head, int64_t first, Chunk& at) {
    at.length = work.steps - first < work.chunk ? work.steps - first : work.chunk;
    const int64_t length = at.length;
    for (Matrix* each : {&at.q, &at.k, &at.v, &at.weights, &at.scores, &at.out}) each->rows = length;
    at.weights.columns = at.scores.columns = at.k_across.columns = length;
    read(work.q, series, head, first, 1.0f / __builtin_sqrtf(static_cast<float>(work.keys)), at.q);
    read(work.k, series, head, first, 1.0f, at.k);
    read(work.v, series, head, first, 1.0f, at.v);
    transpose(at.k, at.k_across);

    float sum_f = 0, highest = at.m;
    for (int64_t t = 0; t < length; t++) {
        const float f = *work.f.at(series, head, first + t);
        sum_f += (f < 0 ? f : 0.0f) - __builtin_log1pf(__builtin_expf(-__builtin_fabsf(f)));
        at.sums[t] = sum_f;
        at.u[t] = *work.i.at(series, head, first + t) - sum_f;
        // NaN is a top that stays.
        if (highest == highest && !(at.u[t] <= highest)) highest = at.u[t];
        at.tops[t] = highest;
        at.shares[t] = __builtin_expf(at.m - highest);
    }
    at.next = sum_f + highest;
    at.kept = at.shares[length - 1];
    for (int64_t s = 0; s < length; s++) at.into[s] = __builtin_expf(at.u[s] - highest);

    product(at.q, at.k_across, at.scores, false);
    product(at.q, at.c, at.out, false);
    for (int64_t t = 0; t < length; t++) {
        float *weights = at.weights.row(t), *scores = at.scores.row(t);
        V whole = {};
        for (int64_t s = 0; s < at.weights.pitch; s += W) {
            V weight = s <= t ? exp_negative(load(at.u + s) - at.tops[t]) : V{};
            for (int64_t lane = t + 1 > s ? t + 1 - s : 0; s <= t && lane < W; lane++) weight[lane] = 0.0f;
            const V score = s <= t ? load(scores + s) * weight : V{};
            store(weights + s, weight);
            store(scores + s, score);
            whole += score;
        }
        at.b[t] = sum(whole) + at.shares[t] * dot(at.q.row(t), at.n, work.keys);
        times(at.out.row(t), at.shares[t], work.values);
        const float size = __builtin_fabsf(at.b[t]), least = __builtin_expf(-at.sums[t] - at.tops[t]);
        at.norms[t] = (size < least ? least : size) + static_cast<float>(work.eps);
    }
    product(at.scores, at.v, at.out, true);
    for (int64_t t = 0; t < length; t++) times(at.out.row(t), 1.0f / at.norms[t], work.values);
}

// The state after the chunk; leaves the keys times their weights in it behind.
void remember(const MlstmForward& work, Chunk& at) {
    for (int64_t s = 0; s < at.length; s++) times(at.k.row(s), at.into[s], work.keys);
    for (int64_t r = 0; r < work.keys; r++) times(at.c.row(r), at.kept, work.values);
    times(at.n, at.kept, work.keys);
    product_across(at.k, at.length, at.v, at.c, true);
    for (int64_t s = 0; s < at.length; s++) add_to(at.n, 1.0f, at.k.row(s), work.keys);
    at.m = at.next;
}

void load_state(const float* c, const float* n, float m, int64_t keys, int64_t values, Chunk& at) {
    for (int64_t r = 0; r < keys; r++) __builtin_memcpy(at.c.row(r), c + r * values, sizeof(float) * values);
    __builtin_memcpy(at.n, n, sizeof(float) * keys);
    at.m = m;
}

void store_state(const Chunk& at, int64_t keys, int64_t values, float* c, float* n, float* m) {
    for (int64_t r = 0; r < keys; r++) __builtin_memcpy(c + r * values, at.c.row(r), sizeof(float) * values);
    __builtin_memcpy(n, at.n, sizeof(float) * keys);
    *m = at.m;
}

void mlstm_forward(const MlstmForward& work, int64_t series, int64_t head) {
    const int64_t keys = work.keys, values = work.values, place = series * work.heads + head, chunks = (work.steps + work.chunk - 1) / work.chunk;
    const int64_t state = keys * (values + 1) + 1;
    Pool pool(Chunk::floats(work.chunk, keys, values));
    Chunk at(pool, work.chunk, keys, values);
    if (work.c != nullptr) load_state(work.c + place * keys * values, work.n + place * keys, work.m[place], keys, values, at);
    for (int64_t chunk = 0; chunk < chunks; chunk++) {
        if (work.saved != nullptr) {
            float* to = work.saved + (place * chunks + chunk) * state;
            store_state(at, keys, values, to, to + keys * values, to + keys * values + keys);
        }
        attend(work, series, head, chunk * work.chunk, at);
        for (int64_t t = 0; t < at.length; t++) __builtin_memcpy(work.hidden.at(series, head, chunk * work.chunk + t), at.out.row(t), sizeof(float) * values);
        remember(work, at);
    }
    store_state(at, keys, values, work.last_c + place * keys * values, work.last_n + place * keys, work.last_m + place);
}

// What the way back needs beside the chunk itself. d: gradients; m's is kept since the norm holds eps, which does not scale with exp(m).
struct ChunkBack {
    ChunkBack(Pool& pool, int64_t chunk, int64_t keys, int64_t values)
        : g(pool.matrix(chunk, values)), dq(pool.matrix(chunk, keys)), dk(pool.matrix(chunk, keys)), dv(pool.matrix(chunk, values)),
          across(pool.matrix(values, chunk)), pairs(pool.matrix(chunk, chunk)), weighted(pool.matrix(chunk, keys)), dc(pool.matrix(keys, values)),
          dc_across(pool.matrix(values, keys)), dn(pool.vector(keys)), db(pool.vector(chunk)), du(pool.vector(chunk)), dsums(pool.vector(chunk)) {}

    static int64_t floats(int64_t chunk, int64_t keys, int64_t values) {
        const int64_t wide = rounded(chunk, 4 * W), deep = rounded(keys, 4 * W), across = rounded(values, 4 * W);
        return chunk * (2 * across + 3 * deep + wide) + values * (wide + deep) + keys * across + deep + 3 * wide;
    }

    Matrix g, dq, dk, dv, across, pairs, weighted, dc, dc_across;
    float *dn, *db, *du, *dsums;
    float dm = 0;
};

void write(const Sequence<float>& to, int64_t series, int64_t head, int64_t first, float scale, const Matrix& from) {
    for (int64_t t = 0; t < from.rows; t++) {
        for (int64_t i = 0; i < from.columns; i += W) store(to.at(series, head, first + t) + i, scale * load(from.row(t) + i), from.columns - i);
    }
}

// The gradient of a top goes to what it is the greatest of: a step's u, or the m before the chunk (-1).
int64_t greatest(const Chunk& at, int64_t t) {
    int64_t found = -1;
    float highest = at.m;
    for (int64_t s = 0; s <= t; s++) {
        if (at.u[s] > highest) {
            highest = at.u[s];
            found = s;
        }
    }
    return found;
}

// From the gradients of a chunk's hidden states and of the state after it (dc, dn, dm) to those of its inputs and of the state before it.
void attend_back(const MlstmBackward& work, int64_t series, int64_t head, int64_t first, Chunk& at, ChunkBack& d) {
    const MlstmForward& way = work.forward;
    const int64_t length = at.length, keys = way.keys, values = way.values;
    for (Matrix* each : {&d.g, &d.dq, &d.dk, &d.dv, &d.pairs, &d.weighted}) each->rows = length;
    d.across.columns = d.pairs.columns = length;
    const float eps = static_cast<float>(way.eps);
    for (int64_t t = 0; t < length; t++) d.du[t] = d.dsums[t] = 0.0f;
    auto top_of = [&](int64_t t, float gradient) {
        const int64_t whose = greatest(at, t);
        if (whose < 0) d.dm += gradient;
        else d.du[whose] += gradient;
    };

    // The state after the chunk: C' = kept C + sum w_s k_s v_s, w_s = exp(u_s - top), kept = exp(m - top), m' = F + top.
    const float dm_after = d.dm;
    d.dm = 0;
    transpose(d.dc, d.dc_across);
    product(at.v, d.dc_across, d.dk, false);
    for (int64_t s = 0; s < length; s++) {
        add_to(d.dk.row(s), 1.0f, d.dn, keys);
        const float dw = at.into[s] * dot(d.dk.row(s), at.k.row(s), keys);
        times(d.dk.row(s), at.into[s], keys);
        d.du[s] += dw;
        d.dm -= dw;  // collects the gradient of the last top
        __builtin_memcpy(d.weighted.row(s), at.k.row(s), sizeof(float) * keys);
        times(d.weighted.row(s), at.into[s], keys);
    }
    product(d.weighted, d.dc, d.dv, false);
    float dkept = dot(d.dn, at.n, keys);
    for (int64_t r = 0; r < keys; r++) dkept += dot(d.dc.row(r), at.c.row(r), values);
    dkept *= at.kept;
    const float dtop = d.dm - dkept + dm_after;
    d.dm = dkept;
    d.dsums[length - 1] += dm_after;
    top_of(length - 1, dtop);
    for (int64_t r = 0; r < keys; r++) times(d.dc.row(r), at.kept, values);
    times(d.dn, at.kept, keys);

    // The hidden states: h = (sum P_ts v_s + share q C) / N, N = max(|b|, exp(-m_t)) + eps, b = sum P_ts + share q n.
    for (int64_t t = 0; t < length; t++) {
        const float* given = work.gradient.at(series, head, first + t);
        const float along = dot(given, at.out.row(t), values);
        const float size = __builtin_fabsf(at.b[t]);
        d.db[t] = size + eps >= at.norms[t] ? -along / at.norms[t] * (at.b[t] < 0 ? -1.0f : 1.0f) : 0.0f;
        for (int64_t i = 0; i < values; i += W) store(d.g.row(t) + i, load(given + i, values - i) * (1.0f / at.norms[t]), values - i);
        top_of(t, -along * eps / at.norms[t]);
        // exp(-m_t) has F in it as well: m_t = F_t + top_t.
        if (!(size + eps >= at.norms[t])) d.dsums[t] += along * (at.norms[t] - eps) / at.norms[t];
    }
    transpose(at.v, d.across);
    product(d.g, d.across, d.pairs, false);
    for (int64_t t = 0; t < length; t++) {
        float *pairs = d.pairs.row(t), *weights = at.weights.row(t), *scores = at.scores.row(t);
        for (int64_t s = 0; s < d.pairs.pitch; s += W) {
            // Weights and scores are 0 beyond t.
            const V dp = load(pairs + s) + d.db[t], da = dp * load(scores + s);
            store(pairs + s, dp * load(weights + s));
            store(d.du + s, load(d.du + s) + da);
        }
    }
    product(d.pairs, at.k, d.dq, false);
    product_across(d.pairs, length, at.q, d.dk, true);
    product_across(at.scores, length, d.g, d.dv, true);

    // The state before the chunk, as the queries see it.
    transpose(at.c, d.dc_across);
    for (int64_t t = 0; t < length; t++) times(d.g.row(t), at.shares[t], values);
    product(d.g, d.dc_across, d.weighted, false);
    for (int64_t t = 0; t < length; t++) {
        add_to(d.weighted.row(t), at.shares[t] * d.db[t], at.n, keys);
        d.dm += dot(d.weighted.row(t), at.q.row(t), keys);
        add_to(d.dq.row(t), 1.0f, d.weighted.row(t), keys);
        add_to(d.dn, at.shares[t] * d.db[t], at.q.row(t), keys);
    }
    product_across(at.q, length, d.g, d.dc, true);

    float carried = 0;
    write(work.q, series, head, first, 1.0f / __builtin_sqrtf(static_cast<float>(keys)), d.dq);
    write(work.k, series, head, first, 1.0f, d.dk);
    write(work.v, series, head, first, 1.0f, d.dv);
    for (int64_t t = length - 1; t >= 0; t--) {
        const float f = *way.f.at(series, head, first + t), e = __builtin_expf(-__builtin_fabsf(f));
        carried += d.dsums[t] - d.du[t];
        *work.i.at(series, head, first + t) = d.du[t];
        *work.f.at(series, head, first + t) = carried * (f < 0 ? 1.0f : e) / (1.0f + e);
    }
}

void mlstm_backward(const MlstmBackward& work, int64_t series, int64_t head) {
    const MlstmForward& way = work.forward;
    const int64_t keys = way.keys, values = way.values, chunks = (way.steps + way.chunk - 1) / way.chunk, state = keys * (values + 1) + 1;
    Pool pool(Chunk::floats(way.chunk, keys, values) + ChunkBack::floats(way.chunk, keys, values));
    Chunk at(pool, way.chunk, keys, values);
    ChunkBack back(pool, way.chunk, keys, values);
    for (int64_t chunk = chunks - 1; chunk >= 0; chunk--) {
        const float* from = way.saved + ((series * way.heads + head) * chunks + chunk) * state;
        load_state(from, from + keys * values, from[keys * values + keys], keys, values, at);
        attend(way, series, head, chunk * way.chunk, at);
        attend_back(work, series, head, chunk * way.chunk, at, back);
    }
}

constexpr MlstmKernels mlstm_of = {mlstm_forward, mlstm_backward};

}  // namespace
}  // namespace forecast
