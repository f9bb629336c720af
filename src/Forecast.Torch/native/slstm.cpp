// The sLSTM recurrence as an operator of libtorch's dispatcher, with its gradient: forecast::slstm.
#include "slstm_run.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#ifdef FT_CUDA_KERNELS
#include "slstm_cuda.h"

#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#endif

namespace forecast {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

static at::Tensor slstm_pack(const at::Tensor& recurrent, int64_t lanes, bool bfloat16) {
    TORCH_CHECK(recurrent.dim() == 3 && recurrent.scalar_type() == at::kFloat, "slstm_pack reads a float32 kernel [head, in, 4 out]");
    return slstm_packed(recurrent.detach(), lanes, bfloat16);
}

// Floats of the vectors that would be used; an error where this processor has none such.
static int64_t slstm_lanes(int64_t wanted) { return slstm_kernels(wanted).lanes; }

// What the gates' gradients are worked out of, and where they go: [H, B, T, 4, D].
struct Way {
    at::Tensor recurrent, saved, start, gradient, gates;
    int64_t lanes;
    bool bfloat16;
};

template <typename Work>
static void fill(Work& work, const Way& way) {
    work.heads = way.gates.size(0);
    work.batch = way.gates.size(1);
    work.steps = way.gates.size(2);
    work.units = way.gates.size(4);
    work.saved = way.saved.data_ptr<float>();
    work.start = way.start.defined() ? way.start.data_ptr<float>() : nullptr;
    work.gradient = way.gradient.data_ptr<float>();
    work.gates = way.gates.data_ptr<float>();
}

static void back_on_processor(const Way& way) {
    const auto& k = slstm_kernels(way.lanes);
    const auto heads = way.gates.size(0), units = way.gates.size(4), size = k.packed_back_size(units);
    const auto packed = at::empty({heads, size}, way.gates.options());
    for (int64_t head = 0; head < heads; head++)
        k.pack_back(way.recurrent.data_ptr<float>() + head * way.recurrent.stride(0), way.recurrent.stride(1), way.recurrent.stride(2), units, packed.data_ptr<float>() + head * size);
    SlstmBackward work{};
    fill(work, way);
    work.packed = packed.data_ptr<float>();
    each_tile(free_threads(), heads, work.batch, k.rows, [&](int64_t head, int64_t row, int64_t rows) { k.backward(work, head, row, rows); });
}

static void back_on_cuda(const Way& way) {
#ifdef FT_CUDA_KERNELS
    const c10::cuda::CUDAGuard guard(way.gates.device());
    const auto kernel = way.recurrent.to(way.bfloat16 ? at::kBFloat16 : at::kFloat).contiguous();
    SlstmCudaBack work{};
    fill(work, way);
    work.kernel = kernel.data_ptr();
    work.kernel_bfloat16 = way.bfloat16;
    const char* failure = slstm_cuda_backward(work, c10::cuda::getCurrentCUDAStream().stream());
    TORCH_CHECK(failure == nullptr, "slstm's gradient on CUDA: ", failure);
#else
    TORCH_CHECK(false, "this library has no recurrence for ", describe(way.gates));
#endif
}

// An absent start state travels as a tensor without elements: autograd wants every tensor to have a device.
static at::Tensor present(const at::Tensor& tensor) { return tensor.numel() > 0 ? tensor : at::Tensor(); }

struct SlstmFunction : torch::autograd::Function<SlstmFunction> {
    static variable_list forward(AutogradContext* context, const at::Tensor& gates, const at::Tensor& recurrent, const at::Tensor& bias, const at::Tensor& start, double cap, int64_t lanes, bool bfloat16) {
        auto result = slstm_run(gates, slstm_packed(recurrent, lanes, bfloat16), bias, present(start), cap, true);
        context->saved_data["lanes"] = lanes;
        context->saved_data["bfloat16"] = bfloat16;
        context->saved_data["gates"] = static_cast<int64_t>(gates.scalar_type());
        context->save_for_backward({recurrent, result.hidden, result.saved, start});
        context->mark_non_differentiable({result.state});
        return {result.hidden, result.state};
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const auto kept = context->get_saved_variables();
        const auto &recurrent = kept[0], &hidden = kept[1], &saved = kept[2];
        const auto start = present(kept[3]);
        const auto batch = hidden.size(0), steps = hidden.size(1), heads = recurrent.size(0), units = recurrent.size(1);
        const Way way{recurrent, saved, start, gradients[0].contiguous(), at::empty({heads, batch, steps, 4, units}, hidden.options()),
                      context->saved_data["lanes"].toInt(), context->saved_data["bfloat16"].toBool()};
        (hidden.device().is_cuda() ? back_on_cuda : back_on_processor)(way);
        // dR = sum over steps of (h of the step before)^T times the gates' gradient: one product a head.
        const auto product = way.bfloat16 ? at::kBFloat16 : at::kFloat;
        const auto first = start.defined() ? start.select(0, 0).unsqueeze(1) : at::zeros({batch, 1, heads * units}, hidden.options());
        const auto before = at::cat({first, hidden.narrow(1, 0, steps - 1)}, 1).to(product).view({batch * steps, heads, units}).permute({1, 2, 0});
        auto kernel = at::matmul(before, way.gates.view({heads, batch * steps, 4 * units}).to(product)).to(at::kFloat);
        auto bias = way.gates.sum(at::IntArrayRef{1, 2}).reshape({-1});
        const auto type = static_cast<at::ScalarType>(context->saved_data["gates"].toInt());
        return {way.gates.permute({1, 2, 3, 0, 4}).to(type), kernel, bias, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

// gates [B, T, 4, H, D], recurrent [H, D, 4 D], bias [4 H D], state [4, B, H D], packed: slstm_pack(recurrent), for weights that stay.
// lanes: floats of the vectors where nothing is packed, 0 for the widest. bfloat16: the products, on CUDA only, where gates may then be
// bfloat16 as well; states and sums stay float32.
// Returns the hidden states [B, T, H D] and the last state; gradients flow through the former only.
static std::tuple<at::Tensor, at::Tensor> slstm(const at::Tensor& gates, const at::Tensor& recurrent, const at::Tensor& bias, const OptionalTensor& state, double cap, const OptionalTensor& packed, int64_t lanes, bool bfloat16) {
    TORCH_CHECK(gates.dim() == 5 && gates.size(2) == 4 && recurrent.dim() == 3, "slstm reads gates [batch, step, 4, head, unit] and a kernel [head, in, 4 out]");
    const auto heads = gates.size(3), units = gates.size(4), width = heads * units;
    const auto device = gates.device();
    TORCH_CHECK(recurrent.size(0) == heads && recurrent.size(1) == units && recurrent.size(2) == 4 * units && bias.numel() == 4 * width, "slstm: kernel or bias do not fit gates of ", heads, " heads and ", units, " units");
    TORCH_CHECK(recurrent.scalar_type() == at::kFloat && bias.scalar_type() == at::kFloat, "slstm: kernel and bias must be float32");
    TORCH_CHECK(gates.scalar_type() == at::kFloat || (bfloat16 && gates.scalar_type() == at::kBFloat16), "slstm: gates must be float32, or bfloat16 where its products are");
    TORCH_CHECK(device == recurrent.device() && device == bias.device(), "slstm: gates, kernel and bias lie on different devices");
    TORCH_CHECK((device.is_cpu() && !bfloat16) || (device.is_cuda() && slstm_cuda(units)), "slstm: this library has no recurrence for ", describe(gates));
    const auto dense = gates.stride(4) == 1 || units == 1 ? gates : gates.contiguous();
    at::Tensor start;
    if (state.has_value() && state->defined()) {
        TORCH_CHECK(state->numel() == 4 * gates.size(0) * width && state->scalar_type() == at::kFloat, "slstm: the state is not [4, batch, width]");
        TORCH_CHECK(!state->requires_grad() || !at::GradMode::is_enabled(), "slstm gives no gradient to the state that it starts from");
        start = state->detach().reshape({4, gates.size(0), width}).contiguous();
    }
    if (at::GradMode::is_enabled() && (gates.requires_grad() || recurrent.requires_grad() || bias.requires_grad())) {
        auto results = SlstmFunction::apply(dense, recurrent, bias, start.defined() ? start : at::empty({0}, gates.options()), cap, lanes, bfloat16);
        return {results[0], results[1]};
    }
    const auto ready = packed.has_value() && packed->defined() ? *packed : slstm_packed(recurrent.detach(), lanes, bfloat16);
    auto result = slstm_run(dense, ready, bias.detach(), start, cap, false);
    return {result.hidden, result.state};
}

}  // namespace forecast

TORCH_LIBRARY(forecast, library) {
    library.def("slstm(Tensor gates, Tensor recurrent, Tensor bias, Tensor? state, float cap, Tensor? packed, int lanes, bool bfloat16) -> (Tensor, Tensor)", &forecast::slstm);
    library.def("slstm_pack(Tensor recurrent, int lanes, bool bfloat16) -> Tensor", &forecast::slstm_pack);
    library.def("slstm_cuda(int units) -> bool", &forecast::slstm_cuda);
    library.def("slstm_lanes(int wanted) -> int", &forecast::slstm_lanes);
}
