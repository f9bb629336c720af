using Forecast.Models.Language;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Smetimes;

/// <summary>
/// One trained layer of causal attention, x + out(attention(x)), which stands where the language model stands and tells what that adds
/// (Tan et al. 2024 replace language models so, in "Are language models actually useful for time series forecasting?").
/// </summary>
internal sealed class CausalLayer : nn.Module<Tensor, Tensor>
{
    private const int Heads = 4;
    private const double Theta = 10_000;

    private readonly RotaryPositions _positions;
    private readonly Linear _query;
    private readonly Linear _key;
    private readonly Linear _value;
    private readonly Linear _output;

    /// <param name="width">A multiple of 8.</param>
    public CausalLayer(int width)
        : base(nameof(CausalLayer))
    {
        _positions = new RotaryPositions(width / Heads, Theta, new RotaryScaling.Plain());
        register_module("q_proj", _query = nn.Linear(width, width, hasBias: false));
        register_module("k_proj", _key = nn.Linear(width, width, hasBias: false));
        register_module("v_proj", _value = nn.Linear(width, width, hasBias: false));
        register_module("o_proj", _output = nn.Linear(width, width, hasBias: false));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var length = input.shape[1];
        var wave = _positions.At(arange(length, device: input.device).unsqueeze(0), input, length);
        var queries = RotaryPositions.Turn(Attention.Split(_query.call(input), Heads), wave);
        var keys = RotaryPositions.Turn(Attention.Split(_key.call(input), Heads), wave);
        var mixed = Attention.Run(queries, keys, Attention.Split(_value.call(input), Heads), AttentionMask.Make(null, input, 0));
        return (input + _output.call(mixed)).MoveToOuterDisposeScope();
    }
}
