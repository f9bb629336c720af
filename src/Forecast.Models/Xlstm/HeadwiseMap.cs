using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Forecast.Models.Xlstm;

/// <summary>A linear map of its own for each head, without bias: weight [H, out, in].</summary>
internal sealed class HeadwiseMap : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;

    public HeadwiseMap(long heads, long width)
        : base(nameof(HeadwiseMap))
    {
        var units = width / heads;
        _weight = new Parameter(zeros(heads, units, units));
        register_parameter("weight", _weight);
    }

    public Tensor Weight => _weight;

    /// <param name="input">[..., H in].</param>
    /// <returns>[..., H out].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shape = input.shape;
        var (heads, units) = (_weight.shape[0], _weight.shape[2]);
        var rows = input.reshape(-1, heads, units).transpose(0, 1);
        return rows.matmul(_weight.transpose(1, 2)).transpose(0, 1).reshape([.. shape[..^1], heads * _weight.shape[1]]).MoveToOuterDisposeScope();
    }
}
