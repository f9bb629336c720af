using Forecast.Torch;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The operators that modules and functionals are made of, each looked up once.</summary>
internal static class NnOps
{
    private static readonly Operator SetDataOp = new("set_data");
    private static readonly Operator DetachOp = new("detach");
    private static readonly Operator GeluOp = new("gelu");
    private static readonly Operator LeakyReluOp = new("leaky_relu");
    private static readonly Operator LeakyReluInPlaceOp = new("leaky_relu_");
    private static readonly Operator EluOp = new("elu");
    private static readonly Operator EluInPlaceOp = new("elu_");
    private static readonly Operator SoftplusOp = new("softplus");
    private static readonly Operator LogSigmoidOp = new("log_sigmoid");
    private static readonly Operator GluOp = new("glu");
    private static readonly Operator SoftmaxOp = new("softmax", "int");
    private static readonly Operator LogSoftmaxOp = new("log_softmax", "int");
    private static readonly Operator LinearOp = new("linear");
    private static readonly Operator EmbeddingOp = new("embedding");
    private static readonly Operator EmbeddingRenormOp = new("embedding_renorm_");
    private static readonly Operator Conv1dOp = new("conv1d");
    private static readonly Operator Conv1dPaddedOp = new("conv1d", "padding");
    private static readonly Operator LayerNormOp = new("layer_norm");
    private static readonly Operator GroupNormOp = new("group_norm");
    private static readonly Operator BatchNormOp = new("batch_norm");
    private static readonly Operator DropoutOp = new("dropout");
    private static readonly Operator DropoutInPlaceOp = new("dropout_");
    private static readonly Operator VectorNormOp = new("norm", "ScalarOpt_dim");
    private static readonly Operator OneHotOp = new("one_hot");
    private static readonly Operator ConstantPadOp = new("constant_pad_nd");
    private static readonly Operator PadOp = new("pad");
    private static readonly Operator ErfinvInPlaceOp = new("erfinv_");
    private static readonly Operator QrOp = new("linalg_qr");
    private static readonly Operator LstmOp = new("lstm", "input");
    private static readonly Operator GruOp = new("gru", "input");
    private static readonly Operator FlattenOp = new("_cudnn_rnn_flatten_weight");
    private static readonly Operator CudnnAcceptsOp = new("cudnn_is_acceptable");

    /// <summary>Exchanges what <paramref name="tensor"/> holds for what <paramref name="data"/> holds; handles and gradients stay.</summary>
    internal static void SetData(Tensor tensor, Tensor data) => SetDataOp.Do(tensor, data);

    /// <summary>The native half of a leaf that takes over the memory of <paramref name="data"/>, which is empty afterwards.</summary>
    internal static nint TakeLeaf(Tensor data, bool requiresGrad)
    {
        ArgumentNullException.ThrowIfNull(data);
        Tensor leaf = DetachOp.Call(data);
        leaf.requires_grad = requiresGrad;
        data.Dispose();
        return leaf.DecoupleFromNativeHandle();
    }

    internal static Tensor Gelu(Tensor x, bool tanh) => tanh ? GeluOp.Call(x, "tanh"u8) : GeluOp.Call(x);

    internal static Tensor LeakyRelu(Tensor x, double slope) => LeakyReluOp.Call(x, slope);

    internal static Tensor LeakyReluInPlace(Tensor x, double slope) => LeakyReluInPlaceOp.Apply(x, slope);

    internal static Tensor Elu(Tensor x, double alpha) => EluOp.Call(x, alpha);

    internal static Tensor EluInPlace(Tensor x, double alpha) => EluInPlaceOp.Apply(x, alpha);

    internal static Tensor Softplus(Tensor x, double beta, double threshold) => SoftplusOp.Call(x, beta, threshold);

    internal static Tensor LogSigmoid(Tensor x) => LogSigmoidOp.Call(x);

    internal static Tensor Glu(Tensor x, long dim) => GluOp.Call(x, dim);

    internal static Tensor Softmax(Tensor x, long dim, ScalarType? dtype) => SoftmaxOp.Call(x, dim, dtype);

    internal static Tensor LogSoftmax(Tensor x, long dim) => LogSoftmaxOp.Call(x, dim);

    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias) => LinearOp.Call(x, weight, bias);

    internal static Tensor Embedding(Tensor weight, Tensor indices, long paddingIndex, bool scaleByFrequency, bool sparse) =>
        EmbeddingOp.Call(weight, indices, paddingIndex, scaleByFrequency, sparse);

    internal static void EmbeddingRenorm(Tensor weight, Tensor indices, double maxNorm, double normType) =>
        EmbeddingRenormOp.Apply(weight, indices, maxNorm, normType);

    internal static Tensor Conv1d(Tensor x, Tensor weight, Tensor? bias, long stride, long padding, long dilation, long groups)
    {
        ReadOnlySpan<long> strides = [stride], paddings = [padding], dilations = [dilation];
        return Conv1dOp.Call(x, weight, bias, strides, paddings, dilations, groups);
    }

    internal static Tensor Conv1dPadded(Tensor x, Tensor weight, Tensor? bias, long stride, string padding, long dilation, long groups)
    {
        ReadOnlySpan<long> strides = [stride], dilations = [dilation];
        return Conv1dPaddedOp.Call(x, weight, bias, strides, padding, dilations, groups);
    }

    internal static Tensor LayerNorm(Tensor x, long[] shape, Tensor? weight, Tensor? bias, double eps) => LayerNormOp.Call(x, shape, weight, bias, eps);

    internal static Tensor GroupNorm(Tensor x, long groups, Tensor? weight, Tensor? bias, double eps) => GroupNormOp.Call(x, groups, weight, bias, eps);

    internal static Tensor BatchNorm(Tensor x, Tensor? weight, Tensor? bias, Tensor? mean, Tensor? variance, bool training, double momentum, double eps) =>
        BatchNormOp.Call(x, weight, bias, mean, variance, training, momentum, eps, true);

    internal static Tensor Dropout(Tensor x, double p, bool training) => DropoutOp.Call(x, p, training);

    internal static Tensor DropoutInPlace(Tensor x, double p, bool training) => DropoutInPlaceOp.Apply(x, p, training);

    internal static Tensor VectorNorm(Tensor x, double p, long dim, bool keepdim)
    {
        ReadOnlySpan<long> dims = [dim];
        return VectorNormOp.Call(x, p, dims, keepdim);
    }

    internal static Tensor OneHot(Tensor x, long classes) => OneHotOp.Call(x, classes);

    internal static Tensor PadConstant(Tensor x, long[] pad, double value) => ConstantPadOp.Call(x, pad, value);

    internal static Tensor Pad(Tensor x, long[] pad, string mode) => PadOp.Call(x, pad, mode);

    internal static void ErfinvInPlace(Tensor x) => ErfinvInPlaceOp.Apply(x);

    internal static (Tensor Q, Tensor R) Qr(Tensor x) => QrOp.Call(x);

    internal static (Tensor Output, Tensor State, Tensor Memory) Lstm(Tensor x, Tensor h0, Tensor c0, RecurrentWeights weights, bool training) =>
        LstmOp.Call(x, (Tensor[])[h0, c0], weights.Flat, weights.HasBias, weights.Layers, weights.Dropout, training, weights.Bidirectional, weights.BatchFirst);

    internal static (Tensor Output, Tensor State) Gru(Tensor x, Tensor h0, RecurrentWeights weights, bool training) =>
        GruOp.Call(x, h0, weights.Flat, weights.HasBias, weights.Layers, weights.Dropout, training, weights.Bidirectional, weights.BatchFirst);

    /// <summary>Whether this libtorch runs recurrent layers on such a tensor through cuDNN, out of one flat buffer.</summary>
    internal static bool CudnnTakes(Tensor weight) => CudnnAcceptsOp.Call(weight);

    /// <summary>Copies the weights into one buffer and makes each a view of it.</summary>
    internal static void FlattenForCudnn(Tensor[] weights, long perLayer, long inputSize, long cell, long hiddenSize, long layers, bool batchFirst, bool bidirectional)
    {
        Tensor buffer = FlattenOp.Call(weights, perLayer, inputSize, cell, hiddenSize, 0L, layers, batchFirst, bidirectional);
        buffer.Dispose();
    }
}
