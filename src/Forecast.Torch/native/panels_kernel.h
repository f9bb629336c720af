// Products of panels for one instruction set; see panels.h, and vector_math.h for the rest.
//
// A register tile is FT_ROWS rows by 4 vectors. Depth goes in slices, so that a slice of the panel stays in the first cache while all rows
// pass by; sums wait in the result between slices. Meanwhile each tile fetches its part of the next slice into the second cache: weights
// come from far away, and with the rows of one series alone waiting for them would take as long as the products.

namespace forecast {
namespace {

constexpr int64_t SLICE = 128;
constexpr int64_t LINE = 16;            // floats of a line of the caches

template <int ROWS>
__attribute__((noinline)) void panel_tile(const float* a, int64_t pitch_a, int64_t depth, const float* panel, const float* ahead, int64_t pace, float* to, int64_t pitch, int64_t columns, bool add) {
    V acc[ROWS][4];
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 4
        for (int j = 0; j < 4; j++) acc[r][j] = add && columns > j * W ? load(to + r * pitch + j * W, columns - j * W) : V{};
    }
    for (int64_t k = 0; k < depth; k++) {
        const float* b = panel + k * 4 * W;
        __builtin_prefetch(ahead + k * pace, 0, 2);
        V x[ROWS];
#pragma GCC unroll 8
        for (int r = 0; r < ROWS; r++) x[r] = all(a[r * pitch_a + k]);
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
        for (int j = 0; j < 4; j++) {
            if (columns > j * W) store(to + r * pitch + j * W, acc[r][j], columns - j * W);
        }
    }
}

void panel_product(const float* a, int64_t pitch_a, int64_t rows, int64_t depth, const float* panel, const float* next, float* to, int64_t pitch, int64_t columns) {
    // Floats that a tile fetches a step: all tiles together the next slice, and none more than a line.
    const int64_t tiles = (rows + FT_ROWS - 1) / FT_ROWS, pace = tiles < 4 * W / LINE ? LINE : (4 * W + tiles - 1) / tiles;
    for (int64_t k = 0; k < depth; k += SLICE) {
        const int64_t now = depth - k < SLICE ? depth - k : SLICE;
        const float* slice = panel + k * 4 * W;
        const float* following = depth - k > SLICE ? slice + SLICE * 4 * W : next;
        for (int64_t r = 0; r < rows;) {
            const float* left = a + r * pitch_a + k;
            float* out = to + r * pitch;
            const float* ahead = following + r / FT_ROWS * SLICE * pace;
            const int64_t tile = rows - r < FT_ROWS ? rows - r : FT_ROWS;
            switch (tile) {
                case 1: panel_tile<1>(left, pitch_a, now, slice, ahead, pace, out, pitch, columns, k > 0); break;
                case 2: panel_tile<2>(left, pitch_a, now, slice, ahead, pace, out, pitch, columns, k > 0); break;
#if FT_ROWS > 3
                case 3: panel_tile<3>(left, pitch_a, now, slice, ahead, pace, out, pitch, columns, k > 0); break;
                case 4: panel_tile<4>(left, pitch_a, now, slice, ahead, pace, out, pitch, columns, k > 0); break;
                case 5: panel_tile<5>(left, pitch_a, now, slice, ahead, pace, out, pitch, columns, k > 0); break;
#endif
                default: panel_tile<FT_ROWS>(left, pitch_a, now, slice, ahead, pace, out, pitch, columns, k > 0);
            }
            r += tile;
        }
    }
}

void panel_pack(const float* weight, int64_t stride_column, int64_t stride_depth, int64_t columns, int64_t depth, float* packed) {
    for (int64_t first = 0; first < columns; first += 4 * W) {
        for (int64_t k = 0; k < depth; k++) {
            for (int64_t lane = 0; lane < 4 * W; lane++, packed++) *packed = first + lane < columns ? weight[(first + lane) * stride_column + k * stride_depth] : 0.0f;
        }
    }
}

constexpr PanelKernels panels_of = {4 * FT_LANES, panel_pack, panel_product};

}  // namespace
}  // namespace forecast
