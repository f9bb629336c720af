using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace Forecast.Torch.Tests.Modules;

/// <summary>Options and shapes that make no sense are refused, with a message that names them.</summary>
public class RefusalTests
{
    public static TheoryData<string, string> Options => new(Bad.Select(b => (b.Key, b.Value.Says)));

    private static readonly Dictionary<string, (string Says, Action Make)> Bad = new()
    {
        ["linear"] = ("inputSize", () => Linear(0, 3)),
        ["embedding"] = ("num_embeddings", () => Embedding(0, 3)),
        ["padding row"] = ("4 rows", () => Embedding(4, 3, padding_idx: 4)),
        ["conv groups"] = ("groups", () => Conv1d(3, 4, 2, groups: 2)),
        ["conv kernel"] = ("kernel_size", () => Conv1d(3, 4, 0)),
        ["conv same"] = ("stride of 1", () => Conv1d(3, 4, 2, Padding.Same, stride: 2)),
        ["group norm"] = ("5 channels", () => GroupNorm(2, 5)),
        ["layer norm"] = ("normalized_shape", () => LayerNorm(0)),
        ["dropout"] = ("probability", () => Dropout(1.5)),
        ["heads"] = ("3 equal heads", () => MultiheadAttention(8, 3)),
        ["lstm"] = ("hiddenSize", () => LSTM(3, 0)),
        ["lstm dropout"] = ("probability", () => LSTM(3, 4, dropout: -0.1)),
        ["trunc normal"] = ("empty", () => init.trunc_normal_(empty(3), a: 1, b: 1)),
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Of_options(string name, string says) => Should.Throw<ArgumentException>(Bad[name].Make).Message.ShouldContain(says);

    [Fact]
    public void Of_shapes()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => LSTM(3, 4).call(ones(5, 2, 2))).Message.ShouldContain("[5, 2, 2]");
        Should.Throw<ArgumentException>(() => LSTM(3, 4).call(ones(5, 2, 3), (zeros(1, 3, 4), zeros(1, 2, 4)))).Message.ShouldContain("wanted is [1, 2, 4]");
        Should.Throw<ArgumentException>(() => GRU(3, 4).call(ones(5, 2, 3), zeros(2, 2, 4))).Message.ShouldContain("h0");
        Should.Throw<ArgumentException>(() => Conv1d(3, 4, 2).call(ones(2, 4, 5))).Message.ShouldContain("(batch, 3, length)");
        Should.Throw<ArgumentException>(() => BatchNorm1d(3).call(ones(2, 4))).Message.ShouldContain("[2, 4]");
        Should.Throw<ArgumentException>(() => BatchNorm1d(3).call(ones(1, 3))).Message.ShouldContain("more than one value");
        Should.Throw<ArgumentException>(() => MultiheadAttention(8, 2).call(ones(3, 1, 8), ones(4, 2, 8), ones(4, 2, 8))).Message.ShouldContain("key (S, N, 8)");
        Should.Throw<ArgumentException>(() => MultiheadAttention(8, 2).call(ones(3, 1, 8), ones(4, 1, 8), ones(4, 1, 8), attn_mask: zeros(4, 4))).Message.ShouldContain("(3, 4)");
        Should.Throw<ArgumentException>(() => F.mse_loss(ones(3), ones(3, 1))).Message.ShouldContain("[3, 1]");
        Should.Throw<ArgumentException>(() => F.gaussian_nll_loss(ones(3), ones(3), -ones(3))).Message.ShouldContain("negative");
        Should.Throw<ArgumentException>(() => F.gaussian_nll_loss(ones(3), ones(3), ones(2))).Message.ShouldContain("[2]");
        Should.Throw<ArgumentException>(() => F.pad(ones(3), [1])).Message.ShouldContain("pairs");
        Should.Throw<ArgumentException>(() => F.scaled_dot_product_attention(ones(2, 2), ones(2, 2), ones(2, 2), ones(2, 2), is_casual: true)).Message.ShouldContain("causal");
        Should.Throw<ExternalException>(() => Linear(3, 4).call(ones(2, 5))).Message.ShouldContain("linear");
        Should.Throw<ExternalException>(() => Embedding(3, 4).call(ones(2))).Message.ShouldContain("embedding");
    }

    [Fact]
    public void Of_vectors_that_do_not_fit()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(2, 3);
        var vector = nn.utils.parameters_to_vector(layer.parameters());
        vector.numel().ShouldBe(9);
        nn.utils.vector_to_parameters(arange(9, ScalarType.Float32), layer.parameters());
        layer.weight!.Numbers().ShouldBe([0.0, 1, 2, 3, 4, 5]);
        layer.bias!.Numbers().ShouldBe([6.0, 7, 8]);
        Should.Throw<ArgumentException>(() => nn.utils.vector_to_parameters(zeros(8), layer.parameters())).Message.ShouldContain("9 entries");
    }
}
