using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>down(silu(gate(x)) * up(x)), without biases.</summary>
internal sealed class GatedFeedForward : nn.Module<Tensor, Tensor>
{
    private const int Multiple = 64;

    private readonly Linear _gate;
    private readonly Linear _up;
    private readonly Linear _down;

    public GatedFeedForward(long width, double factor)
        : base(nameof(GatedFeedForward))
    {
        var inner = InnerWidth(width, factor);
        register_module("proj_up_gate", _gate = nn.Linear(width, inner, hasBias: false));
        register_module("proj_up", _up = nn.Linear(width, inner, hasBias: false));
        register_module("proj_down", _down = nn.Linear(inner, width, hasBias: false));
    }

    /// <summary>[inner, width].</summary>
    public Tensor Gate => _gate.weight!;

    /// <summary>[inner, width].</summary>
    public Tensor Up => _up.weight!;

    /// <summary>[width, inner].</summary>
    public Tensor Down => _down.weight!;

    /// <summary>width * factor, rounded up to a multiple of 64.</summary>
    public static long InnerWidth(long width, double factor) => (long)Math.Ceiling(width * factor / Multiple) * Multiple;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _down.call(nn.functional.silu(_gate.call(input)) * _up.call(input)).MoveToOuterDisposeScope();
    }
}
