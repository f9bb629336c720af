using Forecast.Models.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Ttm;

/// <summary>
/// A Tiny Time Mixer for one channel, with quantiles around its forecast where wanted: the forecast is the median, and a further linear
/// layer over the same features gives the steps to the other levels, in units of the window.
/// </summary>
internal sealed class TtmQuantileNetwork : nn.Module
{
    /// <summary>Deviation of the law before training, in units of the window.</summary>
    private const double StartingSpread = 0.5;

    private readonly Linear? _steps;
    private readonly int _middle;

    /// <param name="config">Of the network.</param>
    /// <param name="levels">Ascending, 0.5 among them; empty = no quantiles.</param>
    public TtmQuantileNetwork(TtmConfig config, IReadOnlyList<double> levels)
        : base(nameof(TtmQuantileNetwork))
    {
        Levels = levels;
        register_module("network", Network = new TtmNetwork(config));
        if (levels.Count == 0) return;
        _middle = levels.ToList().IndexOf(0.5);
        var width = config.UseDecoder ? config.DecoderWidth : config.Width;
        register_module("steps", _steps = nn.Linear(config.Tokens * width, config.Horizon * levels.Count));
    }

    public TtmNetwork Network { get; }

    public IReadOnlyList<double> Levels { get; }

    /// <summary>Draws all weights; published ones take the place of theirs afterwards.</summary>
    public void Start(ulong seed)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        InitialWeights.Draw(this, seed);
        if (_steps is null) return;
        _steps.weight!.mul_(0.1);
        _steps.bias!.copy_(tensor(QuantileSteps.Normal(Levels, StartingSpread)).repeat(Network.Config.Horizon));
    }

    /// <summary>Leaves only the chosen part to be trained.</summary>
    public void Freeze(TtmTuning tuning)
    {
        foreach (var (name, parameter) in named_parameters())
        {
            var part = name.Split('.')[1];
            var fixedTable = name.EndsWith("position_enc", StringComparison.Ordinal) && !Network.Config.TrainedPositions;
            parameter.requires_grad = !fixedTable && (tuning == TtmTuning.All || name.StartsWith("steps.", StringComparison.Ordinal) || part is "head" || (part is "decoder" && tuning == TtmTuning.Decoder));
        }
    }

    /// <returns>[B, H] without quantiles, else [B, H, K].</returns>
    public Tensor Run(TtmInput input)
    {
        using var scope = NewDisposeScope();
        var output = Network.Run(input);
        var point = output.Forecast.squeeze(2);
        if (_steps is null) return point.MoveToOuterDisposeScope();
        var raw = _steps.call(output.Features.flatten(1)).reshape(point.shape[0], point.shape[1], Levels.Count);
        return QuantileSteps.Quantiles(raw, zeros_like(point).unsqueeze(-1), _middle).mul(output.Scale).add(point.unsqueeze(-1)).MoveToOuterDisposeScope();
    }
}
