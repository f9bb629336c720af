// The chunkwise mLSTM recurrence as an operator of libtorch's dispatcher, with its gradient: forecast::mlstm. float32.
#include "slstm_run.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#ifdef FT_CUDA_KERNELS
#include "mlstm_cuda.h"

#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#endif

namespace forecast {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr double EPS = 1e-6;  // MlstmCell.cs

template <typename Number>
Sequence<Number> sequence(const at::Tensor& x) { return {x.data_ptr<float>(), x.stride(0), x.stride(1), x.stride(2)}; }

// [B, T, H, ...] for numbers that are read as [B, H, T, ...]: what a caller turns back costs nothing then.
at::Tensor by_step(const at::Tensor& like) {
    auto sizes = like.sizes().vec();
    std::swap(sizes[1], sizes[2]);
    return at::empty(sizes, like.options().memory_format(at::MemoryFormat::Contiguous));
}

at::Tensor dense(const at::Tensor& x) { return x.stride(3) == 1 || x.size(3) == 1 ? x : x.contiguous(); }

MlstmForward work_of(const variable_list& inputs, int64_t chunk) {
    MlstmForward work{};
    work.heads = inputs[0].size(1);
    work.steps = inputs[0].size(2);
    work.keys = inputs[0].size(3);
    work.values = inputs[2].size(3);
    work.chunk = chunk;
    work.eps = EPS;
    work.q = sequence<const float>(inputs[0]);
    work.k = sequence<const float>(inputs[1]);
    work.v = sequence<const float>(inputs[2]);
    work.i = sequence<const float>(inputs[3]);
    work.f = sequence<const float>(inputs[4]);
    return work;
}

// work(series, head) for all of them.
template <typename Work>
void each_head(const at::Tensor& q, Work&& work) {
    const int64_t heads = q.size(1);
    at::parallel_for(0, q.size(0) * heads, 1, [&](int64_t first, int64_t last) {
        for (int64_t task = first; task < last; task++) work(task / heads, task % heads);
    });
}

// Steps of a chunk on the device of `q`, at most `wanted`; 0: this library has no recurrence for it.
int64_t chunk_of(const at::Tensor& q, int64_t values, int64_t wanted) {
    if (q.device().is_cpu()) return wanted;
#ifdef FT_CUDA_KERNELS
    const c10::cuda::CUDAGuard guard(q.device());
    return mlstm_cuda_chunk(q.size(3), values, wanted);
#else
    (void)values;
    return 0;
#endif
}

void forward(const at::Tensor& q, const MlstmForward& work, int64_t lanes) {
#ifdef FT_CUDA_KERNELS
    if (q.is_cuda()) {
        const c10::cuda::CUDAGuard guard(q.device());
        const char* failure = mlstm_cuda_forward(work, q.size(0), c10::cuda::getCurrentCUDAStream().stream());
        TORCH_CHECK(failure == nullptr, "mlstm on CUDA: ", failure);
        return;
    }
#endif
    const auto& kernels = slstm_kernels(lanes).mlstm_of;
    each_head(q, [&](int64_t series, int64_t head) { kernels.forward(work, series, head); });
}

void backward(const at::Tensor& q, const MlstmBackward& work, int64_t lanes) {
#ifdef FT_CUDA_KERNELS
    if (q.is_cuda()) {
        const c10::cuda::CUDAGuard guard(q.device());
        const char* failure = mlstm_cuda_backward(work, q.size(0), c10::cuda::getCurrentCUDAStream().stream());
        TORCH_CHECK(failure == nullptr, "mlstm's gradient on CUDA: ", failure);
        return;
    }
#endif
    const auto& kernels = slstm_kernels(lanes).mlstm_of;
    each_head(q, [&](int64_t series, int64_t head) { kernels.backward(work, series, head); });
}

struct Result {
    at::Tensor by_step, c, n, m, saved;
};

Result run(const variable_list& inputs, const variable_list& state, int64_t chunk, int64_t lanes, bool save) {
    auto work = work_of(inputs, chunk);
    const auto batch = inputs[0].size(0);
    const auto options = inputs[0].options().memory_format(at::MemoryFormat::Contiguous);
    Result result;
    result.by_step = by_step(inputs[2]);
    result.c = at::empty({batch, work.heads, work.keys, work.values}, options);
    result.n = at::empty({batch, work.heads, work.keys}, options);
    result.m = at::empty({batch, work.heads}, options);
    if (save) result.saved = at::empty({batch, work.heads, (work.steps + chunk - 1) / chunk, work.keys * (work.values + 1) + 1}, options);
    work.hidden = sequence<float>(result.by_step.transpose(1, 2));
    if (!state.empty()) {
        work.c = state[0].data_ptr<float>();
        work.n = state[1].data_ptr<float>();
        work.m = state[2].data_ptr<float>();
    }
    work.last_c = result.c.data_ptr<float>();
    work.last_n = result.n.data_ptr<float>();
    work.last_m = result.m.data_ptr<float>();
    work.saved = save ? result.saved.data_ptr<float>() : nullptr;
    forward(inputs[0], work, lanes);
    return result;
}

struct MlstmFunction : torch::autograd::Function<MlstmFunction> {
    static variable_list forward(AutogradContext* context, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& i, const at::Tensor& f, const variable_list& state, int64_t chunk, int64_t lanes) {
        auto result = run({q, k, v, i, f}, state, chunk, lanes, true);
        context->saved_data["chunk"] = chunk;
        context->saved_data["lanes"] = lanes;
        context->save_for_backward({q, k, v, i, f, result.saved, result.by_step});
        context->mark_non_differentiable({result.c, result.n, result.m});
        return {result.by_step, result.c, result.n, result.m};
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto kept = context->get_saved_variables();
        const auto gradient = dense(gradients[0].transpose(1, 2));
        MlstmBackward work{};
        work.forward = work_of({kept.begin(), kept.begin() + 5}, context->saved_data["chunk"].toInt());
        work.forward.saved = kept[5].data_ptr<float>();
        work.forward.hidden = sequence<float>(kept[6].transpose(1, 2));
        work.gradient = sequence<const float>(gradient);
        at::Tensor given[5];
        for (int part = 0; part < 5; part++) given[part] = by_step(kept[part]).transpose(1, 2);
        work.q = sequence<float>(given[0]);
        work.k = sequence<float>(given[1]);
        work.v = sequence<float>(given[2]);
        work.i = sequence<float>(given[3]);
        work.f = sequence<float>(given[4]);
        forecast::backward(kept[0], work, context->saved_data["lanes"].toInt());
        return {given[0], given[1], given[2], given[3], given[4], at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

// q, k [B, H, T, K], v [B, H, T, V], i, f [B, H, T] pre-activations; C [B, H, K, V], n [B, H, K], m [B, H] to start from, or none of them.
// lanes: floats of the vectors on the CPU, 0 for the widest. On CUDA a chunk is shorter where its matrices are too large for a block.
// Returns the hidden states [B, H, T, V] and the last C, n, m; gradients flow through the former only.
std::tuple<at::Tensor, at::Tensor, at::Tensor, at::Tensor> mlstm(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, const at::Tensor& i, const at::Tensor& f, const OptionalTensor& c, const OptionalTensor& n, const OptionalTensor& m, int64_t chunk, int64_t lanes) {
    TORCH_CHECK(q.dim() == 4 && v.dim() == 4 && k.sizes() == q.sizes() && v.sizes().slice(0, 3) == q.sizes().slice(0, 3) && i.sizes() == q.sizes().slice(0, 3) && f.sizes() == i.sizes() && q.size(2) > 0 && chunk > 0,
                "mlstm reads q, k [batch, head, step, key], v [batch, head, step, value] and gates [batch, head, step]");
    variable_list state;
    if (c.has_value() && c->defined()) {
        const int64_t states = q.size(0) * q.size(1);
        TORCH_CHECK(n.has_value() && m.has_value() && c->numel() == states * q.size(3) * v.size(3) && n->numel() == states * q.size(3) && m->numel() == states, "mlstm: the states are not C, n and m of these heads");
        state = {c->detach().contiguous(), n->detach().contiguous(), m->detach().contiguous()};
        TORCH_CHECK(!at::GradMode::is_enabled() || !(c->requires_grad() || n->requires_grad() || m->requires_grad()), "mlstm gives no gradient to the state that it starts from");
    }
    for (const auto* x : {&q, &k, &v, &i, &f}) TORCH_CHECK(x->device() == q.device() && x->scalar_type() == at::kFloat, "mlstm: this library has no recurrence for ", describe(*x), " beside ", describe(q));
    for (const auto& x : state) TORCH_CHECK(x.device() == q.device() && x.scalar_type() == at::kFloat, "mlstm: this library has no recurrence for ", describe(q), " from ", describe(x));
    const auto steps = chunk_of(q, v.size(3), chunk);
    TORCH_CHECK(steps > 0, "mlstm: this library has no recurrence for ", describe(q), " and values of ", v.size(3));
    const auto dense_q = dense(q), dense_k = dense(k), dense_v = dense(v);
    if (at::GradMode::is_enabled() && (q.requires_grad() || k.requires_grad() || v.requires_grad() || i.requires_grad() || f.requires_grad())) {
        const auto results = MlstmFunction::apply(dense_q, dense_k, dense_v, i, f, state, steps, lanes);
        return {results[0].transpose(1, 2), results[1], results[2], results[3]};
    }
    const auto result = run({dense_q, dense_k, dense_v, i, f}, state, steps, lanes, false);
    return {result.by_step.transpose(1, 2), result.c, result.n, result.m};
}

// Whether there are CUDA kernels, here and now, for heads of these widths.
bool mlstm_cuda(int64_t keys, int64_t values) {
#ifdef FT_CUDA_KERNELS
    return mlstm_cuda_chunk(keys, values, 1) > 0;
#else
    (void)keys, (void)values;
    return false;
#endif
}

}  // namespace
}  // namespace forecast

TORCH_LIBRARY_FRAGMENT(forecast, library) {
    library.def("mlstm_cuda(int keys, int values) -> bool", &forecast::mlstm_cuda);
    library.def("mlstm(Tensor q, Tensor k, Tensor v, Tensor i, Tensor f, Tensor? c, Tensor? n, Tensor? m, int chunk, int lanes) -> (Tensor, Tensor, Tensor, Tensor)", &forecast::mlstm);
}
