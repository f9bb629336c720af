using Forecast.Core;

namespace Forecast.Models.Weights.Checkpoints;

/// <summary>
/// Checks what a pickle has made before anything walks over it: no value may contain itself, nest deeply, or share its parts so
/// often that written out in full it would be enormous (the "billion laughs" of other formats).
/// </summary>
internal static class PickleGraph
{
    private const int Deepest = 64;
    private const long MostNodes = 4_000_000;
    private const long Open = -1;

    private sealed record Frame(object Node, object?[] Children)
    {
        public int Next { get; set; }

        public long Size { get; set; } = 1;

        public int Height { get; set; }
    }

    /// <exception cref="ForecastException">The value cannot be walked over safely.</exception>
    public static void Check(object? root, string file)
    {
        if (root is null) return;
        var sizes = new Dictionary<object, (long Size, int Height)>(ReferenceEqualityComparer.Instance);
        var stack = new Stack<Frame>();
        Enter(root);
        while (stack.TryPeek(out var frame))
        {
            if (frame.Next == frame.Children.Length)
            {
                stack.Pop();
                sizes[frame.Node] = (frame.Size, frame.Height);
                if (stack.TryPeek(out var parent)) Account(parent, frame.Size, frame.Height);
                continue;
            }

            var child = frame.Children[frame.Next++];
            if (child is null || (Leaf(child) is { } leaf && Account(frame, leaf, 0))) continue;
            if (!sizes.TryGetValue(child, out var known))
            {
                Enter(child);
                continue;
            }

            if (known.Size == Open) throw WeightErrors.Refused(file, "its pickle holds a value that contains itself");
            Account(frame, known.Size, known.Height);
        }

        void Enter(object node)
        {
            if (stack.Count > Deepest) throw WeightErrors.Refused(file, $"its pickle nests values more than {Deepest} deep");
            sizes[node] = (Open, 0);
            stack.Push(new Frame(node, Children(node)));
        }

        bool Account(Frame frame, long size, int height)
        {
            frame.Size += size;
            frame.Height = Math.Max(frame.Height, height + 1);
            if (frame.Size > MostNodes) throw WeightErrors.Refused(file, $"its pickle repeats values so often that they would be more than {MostNodes} when written out");
            // A value that was met before at a small depth may be reached again at a great one.
            if (frame.Height + stack.Count > Deepest + 1) throw WeightErrors.Refused(file, $"its pickle nests values more than {Deepest} deep");
            return true;
        }
    }

    private static object?[] Children(object node) => node switch
    {
        PickleTuple tuple => tuple.Items,
        PickleList list => [.. list.Items],
        PickleSet set => [.. set.Items],
        PickleDict dict => [.. dict.Items.SelectMany(i => new[] { i.Key, i.Value }), dict.State],
        PickleObject made => [.. made.Arguments, made.State],
        _ => [],
    };

    private static long? Leaf(object node) => node switch
    {
        PickleTuple or PickleList or PickleSet or PickleDict or PickleObject => null,
        string text => 1 + (text.Length / 16),
        byte[] bytes => 1 + (bytes.Length / 16),
        _ => 1,
    };
}
