using static TorchSharp.torch;

namespace Forecast.Models.Language;

/// <summary>Keys and values of past positions, a pair of buffers a block, which double when they are full.</summary>
internal sealed class KeyValueCache : IDisposable
{
    private const long LeastRoom = 64;

    private readonly (Tensor Keys, Tensor Values)?[] _blocks;

    public KeyValueCache(LanguageModel model) => _blocks = new (Tensor, Tensor)?[model.Blocks];

    /// <summary>Positions held.</summary>
    public long Length { get; private set; }

    public void Dispose()
    {
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i]?.Keys.Dispose();
            _blocks[i]?.Values.Dispose();
            _blocks[i] = null;
        }
    }

    /// <summary>Adds positions of one block behind those it has; <see cref="Advance"/> counts them when all blocks are through.</summary>
    /// <param name="block">Which block.</param>
    /// <param name="keys">[B, heads, T, e].</param>
    /// <param name="values">[B, heads, T, e].</param>
    /// <returns>Views of all positions, [B, heads, S, e].</returns>
    public (Tensor Keys, Tensor Values) Append(int block, Tensor keys, Tensor values)
    {
        var total = Length + keys.shape[2];
        var held = _blocks[block];
        if (held is not { } room || room.Keys.shape[2] < total)
        {
            var size = Math.Max(LeastRoom, 2 * total);
            var larger = (Grown(held?.Keys, keys, size), Grown(held?.Values, values, size));
            held?.Keys.Dispose();
            held?.Values.Dispose();
            _blocks[block] = room = larger;
        }

        room.Keys.narrow(2, Length, keys.shape[2]).copy_(keys);
        room.Values.narrow(2, Length, values.shape[2]).copy_(values);
        return (room.Keys.narrow(2, 0, total), room.Values.narrow(2, 0, total));
    }

    internal void Advance(long count) => Length += count;

    private Tensor Grown(Tensor? old, Tensor like, long size)
    {
        var larger = empty([like.shape[0], like.shape[1], size, like.shape[3]], like.dtype, like.device).DetachFromDisposeScope();
        if (old is not null) larger.narrow(2, 0, Length).copy_(old.narrow(2, 0, Length));
        return larger;
    }
}
