"""Whether a post could be read at some time: one that is held since it was written has not been announced yet."""

from django.db import migrations, models


def held_from_the_beginning(apps, schema_editor):
    """Every post counts as one that could be read, but for those that wait or were hidden without ever having been."""
    post, event = apps.get_model('forum', 'Post'), apps.get_model('kernel', 'EventRow')
    for row in post.objects.exclude(state='published').only('pk').iterator(500):
        about = event.objects.filter(about=f'post:{row.pk}')
        if about.filter(kind='forum.PostHeld').exists() and not about.filter(kind='forum.PostPublished').exists():
            post.objects.filter(pk=row.pk).update(appeared=False)


class Migration(migrations.Migration):

    dependencies = [
        ('forum', '0002_post_author_days'),
        ('kernel', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='appeared',
            field=models.BooleanField(default=True, help_text='could be read at some time; one held since it was written not'),
        ),
        migrations.RunPython(held_from_the_beginning, migrations.RunPython.noop),
    ]
