using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Forecast.Torch.Tests.Modules;

/// <summary>One seed gives the weights that PyTorch draws from it. Drawn on the CPU: other generators draw other numbers.</summary>
[Collection(nameof(Seeded))]
public class StartTests
{
    private static readonly Dictionary<string, Func<nn.Module>> Makers = new()
    {
        ["linear"] = () => Linear(7, 5),
        ["conv1d"] = () => Conv1d(4, 6, 3, groups: 2),
        ["embedding"] = () => Embedding(9, 4, padding_idx: 1),
        ["lstm"] = () => LSTM(3, 4, 2),
        ["gru"] = () => GRU(3, 4, 1, bidirectional: true),
        ["layernorm"] = () => LayerNorm(4),
        ["attention"] = () => MultiheadAttention(8, 2, add_bias_kv: true),
        ["attention_widths"] = () => MultiheadAttention(8, 2, kdim: 4, vdim: 6),
        ["sequence"] = () => Sequential(Linear(3, 4), Linear(4, 2, hasBias: false)),
    };

    private static readonly Dictionary<string, (long[] Shape, Action<Tensor> Fill)> Fills = new()
    {
        ["init_uniform"] = ([3, 7], t => init.uniform_(t, -0.5, 2.0)),
        ["init_normal"] = ([3, 7], t => init.normal_(t, 1.0, 0.5)),
        ["init_normal_small"] = ([2, 3], t => init.normal_(t, 1.0, 0.5)),
        ["init_trunc_normal"] = ([3, 7], t => init.trunc_normal_(t, 0.1, 0.5, -0.6, 0.7)),
        ["init_xavier_uniform"] = ([3, 7, 2], t => init.xavier_uniform_(t, 1.5)),
        ["init_xavier_normal"] = ([3, 7, 2], t => init.xavier_normal_(t, 1.5)),
        ["init_kaiming_uniform"] = ([3, 7, 2], t => init.kaiming_uniform_(t, 0.3)),
        ["init_kaiming_normal"] = ([3, 7, 2], t => init.kaiming_normal_(t, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU)),
        ["init_orthogonal"] = ([4, 7], t => init.orthogonal_(t, 1.5)),
        ["init_orthogonal_tall"] = ([7, 2, 2], t => init.orthogonal_(t)),
        ["init_constant"] = ([2, 2], t => init.constant_(t, 0.3)),
    };

    public static TheoryData<string> Modules => [.. Makers.Keys];

    public static TheoryData<string> Inits => [.. Fills.Keys];

    [Fact]
    public void Every_stored_case_is_tried() => Makers.Keys.Concat(Fills.Keys).ShouldBe(NnValues.Names("starts"), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Modules))]
    public void Module(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(2026);
        using var module = Makers[name]();
        var state = module.state_dict();
        foreach (var entry in NnValues.Case("starts", name).EnumerateObject()) state[entry.Name].ShouldBePacked(entry.Value, 1e-6, $"{name}: {entry.Name}");
        state.Count.ShouldBe(NnValues.Case("starts", name).EnumerateObject().Count());
    }

    [Theory]
    [MemberData(nameof(Inits))]
    public void Init(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(2026);
        var tensor = empty(Fills[name].Shape);
        Fills[name].Fill(tensor);
        tensor.ShouldBePacked(NnValues.Case("starts", name).GetProperty("t"), 2e-6, name);
    }

    [Fact]
    public void Gains_and_fans()
    {
        init.calculate_gain(init.NonlinearityType.Tanh).ShouldBe(5.0 / 3);
        init.calculate_gain(init.NonlinearityType.ReLU).ShouldBe(Math.Sqrt(2));
        init.calculate_gain(init.NonlinearityType.LeakyReLU, 0.2).ShouldBe(Math.Sqrt(2 / 1.04), 1e-15);
        init.calculate_gain(init.NonlinearityType.Sigmoid).ShouldBe(1);
        using var weight = empty(5, 3, 2);
        init.CalculateFanInAndFanOut(weight).ShouldBe((6L, 10L));
        using var bias = empty(5);
        Should.Throw<ArgumentException>(() => init.CalculateFanInAndFanOut(bias)).Message.ShouldContain("two dimensions");
    }
}
